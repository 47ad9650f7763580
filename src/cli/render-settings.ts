import { stringify } from 'yaml';
import type { ResolvedSettings } from '../server/operations/resolve-settings.js';
import { serverSettings, type SettingName } from '../server/operations/settings.js';

/** The settings as YAML that `--config` takes, each with where it comes from; with the setting `json`, as JSON. None is a secret: keys are hashed in a file of their own. */
export function renderSettings({ settings, sources }: ResolvedSettings): string {
  const names = Object.keys(serverSettings.shape) as SettingName[];
  if (settings.json) {
    const entries = names.map((name) => [name, { value: settings[name] ?? null, source: sources[name] }]);
    return `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`;
  }
  const lines = names.map((name) => {
    const value = settings[name];
    // In YAML's flow style a list stands on the line of its name.
    if (value === undefined) return `# ${name}:`;
    return `${name}: ${stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trimEnd()} # ${sources[name]}`;
  });
  return `${lines.join('\n')}\n`;
}
