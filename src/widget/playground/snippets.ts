export type Language = 'curl' | 'typescript' | 'python';

/** A request as a program would send it. */
export interface Call {
  readonly url: string;
  readonly body: object;
  /** Whether the server demands a key, which is never written out: the code takes it from the environment. */
  readonly needsKey: boolean;
}

/** Code that sends the request and prints the result; it runs as it is. */
export function snippet(language: Language, call: Call): string {
  return WRITERS[language](call);
}

const WRITERS: Readonly<Record<Language, (call: Call) => string>> = {
  curl: ({ url, body, needsKey }) =>
    [
      `curl -sS ${shellQuoted(url)} \\`,
      ...(needsKey ? ['  -H "Authorization: Bearer $VERBATIM_KEY" \\'] : []),
      `  -H 'Content-Type: application/json' --data-binary @- <<'JSON'`,
      JSON.stringify(body, null, 2),
      'JSON',
      '',
    ].join('\n'),

  typescript: ({ url, body, needsKey }) => `async function ask() {
  const response = await fetch(${JSON.stringify(url)}, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',${needsKey ? "\n      Authorization: `Bearer ${process.env['VERBATIM_KEY']}`," : ''}
    },
    body: JSON.stringify(${JSON.stringify(body, null, 2).replaceAll('\n', '\n    ')}),
  });
  if (!response.ok) throw new Error(\`\${response.status}: \${await response.text()}\`);
  const result = await response.json();
  if (result.kind === 'answer') console.log(result.answer, result.confidence, result.citations[0].uri);
  else console.log('no answer:', result.reason);
}

void ask();
`,

  python: ({ url, body, needsKey }) => `import json
${needsKey ? 'import os\n' : ''}import urllib.request

request = urllib.request.Request(
    ${JSON.stringify(url)},
    data=json.dumps(${pythonLiteral(body, 1)}).encode(),
    headers={
        "Content-Type": "application/json",${needsKey ? '\n        "Authorization": "Bearer " + os.environ["VERBATIM_KEY"],' : ''}
    },
)
with urllib.request.urlopen(request) as response:
    result = json.load(response)
if result["kind"] == "answer":
    print(result["answer"], result["confidence"], result["citations"][0]["uri"])
else:
    print("no answer:", result["reason"])
`,
};

function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** JSON's strings and numbers are Python's; its true, false and null are not. */
function pythonLiteral(value: unknown, depth: number): string {
  const inner = '    '.repeat(depth + 1);
  const outer = '    '.repeat(depth);
  if (Array.isArray(value)) {
    return `[${value.map((item) => pythonLiteral(item, depth)).join(', ')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const lines = Object.entries(value).map(
      ([key, item]) => `${inner}${JSON.stringify(key)}: ${pythonLiteral(item, depth + 1)},\n`,
    );
    return `{\n${lines.join('')}${outer}}`;
  }
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return value === null ? 'None' : JSON.stringify(value);
}
