import { received, VerbatimError } from '../../core/errors.js';
import { serverSettings, type ServerSettings, type SettingName } from './settings.js';

/** Settings that come from one place. */
export interface SettingsLayer {
  /** What a setting is called there, with the place: `--port`, `VERBATIM_PORT`, `port in verbatim.yaml`. */
  readonly label: (name: string) => string;
  readonly values: Readonly<Record<string, unknown>>;
}

export interface ResolvedSettings {
  readonly settings: ServerSettings;
  /** Where each setting comes from, as its layer calls it; `default` if nothing says it. */
  readonly sources: Readonly<Record<SettingName, string>>;
}

/** Two ways to say one thing: to say it the one way in a stronger layer overrides the other way, too. */
const ALTERNATIVES: readonly (readonly [SettingName, SettingName])[] = [
  ['index', 'corpus'],
  ['profile', 'aggregation'],
];

interface Chosen {
  readonly value: unknown;
  readonly layer: SettingsLayer;
}

const NAMES = Object.keys(serverSettings.shape) as SettingName[];

/**
 * Lays the layers over each other and checks what comes out.
 *
 * @param layers - the strongest first.
 * @throws VerbatimError `invalid-option`, naming the setting, where it comes from, what is expected and what was received.
 */
export function resolveSettings(layers: readonly SettingsLayer[]): ResolvedSettings {
  const chosen = new Map<SettingName, Chosen>();
  for (const layer of layers) {
    for (const [name, value] of Object.entries(layer.values)) {
      if (value === undefined) continue;
      if (!isSetting(name)) throw unknownSetting(name, layer);
      const rival = alternativesOf(name).find((other) => chosen.has(other));
      if (rival !== undefined && chosen.get(rival)?.layer === layer) {
        throw new VerbatimError(
          'invalid-option',
          `Expected only one of ${layer.label(rival)} and ${layer.label(name)}, got both.`,
        );
      }
      if (rival === undefined && !chosen.has(name)) chosen.set(name, { value, layer });
    }
  }
  const values = Object.fromEntries(Array.from(chosen, ([name, { value }]) => [name, value]));
  const parsed = serverSettings.safeParse(values);
  if (!parsed.success) throw invalidSetting(parsed.error.issues[0], chosen);
  const sources = Object.fromEntries(
    NAMES.map((name) => [name, chosen.get(name)?.layer.label(name) ?? 'default']),
  ) as Record<SettingName, string>;
  return { settings: parsed.data, sources };
}

/** `maxBodyBytes` → `max-body-bytes`. */
export function flagName(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** `maxBodyBytes` → `VERBATIM_MAX_BODY_BYTES`. */
export function environmentName(name: string): string {
  return `VERBATIM_${flagName(name).replaceAll('-', '_').toUpperCase()}`;
}

export function flagsLayer(values: Readonly<Record<string, unknown>>): SettingsLayer {
  return { label: (name) => `--${flagName(name)}`, values };
}

/** Variables of other commands are passed over; one that is empty counts as unset. */
export function environmentLayer(environment: Readonly<Record<string, string | undefined>>): SettingsLayer {
  const values = NAMES.flatMap((name) => {
    const value = environment[environmentName(name)];
    return value === undefined || value === '' ? [] : [[name, value] as const];
  });
  return { label: environmentName, values: Object.fromEntries(values) };
}

function isSetting(name: string): name is SettingName {
  return Object.hasOwn(serverSettings.shape, name);
}

function alternativesOf(name: SettingName): SettingName[] {
  return ALTERNATIVES.filter((pair) => pair.includes(name)).flatMap((pair) =>
    pair.filter((other) => other !== name),
  );
}

function unknownSetting(name: string, layer: SettingsLayer): VerbatimError {
  return new VerbatimError(
    'invalid-option',
    `${layer.label(name)} is no setting; \`verbatim serve --print-config\` lists them.`,
  );
}

function invalidSetting(
  issue: { readonly path: readonly PropertyKey[]; readonly message: string } | undefined,
  chosen: ReadonlyMap<SettingName, Chosen>,
): VerbatimError {
  const name = issue?.path[0] as SettingName;
  const { value, layer } = chosen.get(name) ?? {};
  return new VerbatimError(
    'invalid-option',
    `Expected ${layer?.label(name) ?? name} to be ${issue?.message ?? 'valid'}, got ${received(value)}.`,
  );
}
