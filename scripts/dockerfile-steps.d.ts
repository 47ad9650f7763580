/** One instruction of a Dockerfile. */
export interface DockerfileStep {
  readonly instruction: string;
  readonly flags: Readonly<Record<string, string>>;
  readonly args: readonly string[];
}

export interface DockerfileStage {
  /** `final` for one that has no name. */
  readonly name: string;
  readonly from: string;
  readonly steps: readonly DockerfileStep[];
}

/** What an image says about starting it, and the folder that stands for its root. */
export interface Image {
  readonly root: string;
  readonly workdir: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly healthcheck: readonly string[];
}

export function parseDockerfile(text: string): DockerfileStage[];
export function runStages(
  stages: readonly DockerfileStage[],
  contextFolder: string,
  folder: string,
  log: (line: string) => void,
): Image;
