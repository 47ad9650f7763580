# The steps use no absolute paths, so that scripts/dockerfile-steps.js can run them in a folder where no image can be built.

FROM node:20.20.2-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json LICENSE NOTICE ./
COPY scripts scripts
COPY src src
RUN npm run build && npm prune --omit=dev --ignore-scripts --no-audit --no-fund
RUN mkdir kb

FROM node:20.20.2-slim
WORKDIR /app
COPY package.json LICENSE NOTICE ./
COPY models/default models/default
COPY models/catalogue.json models/
COPY corpora/PROVENANCE.md corpora/
COPY corpora/help-centre corpora/help-centre
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
# Owned by the user that writes into it; a new volume takes this over.
COPY --from=build --chown=node:node /app/kb /kb

ENV NODE_ENV=production \
    VERBATIM_HOST=0.0.0.0 \
    VERBATIM_PORT=8080 \
    VERBATIM_INDEX=/kb/index \
    VERBATIM_KEYS=/kb/keys.json \
    VERBATIM_MODELS_DIR=/kb/models
USER node
VOLUME /kb
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.VERBATIM_PORT + '/health').then((response) => process.exit(response.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/app/dist/cli/main.js"]
CMD ["serve", "--json"]
