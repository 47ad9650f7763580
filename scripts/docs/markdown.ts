/** Text as it stands in Markdown that a Vue template is made of: nothing of it is markup, nor an attribute of a heading. */
export function escapeText(text: string): string {
  return text
    .replace(/[\\*_[\]|#]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('{', '&#123;')
    .replace(/\s+/g, ' ');
}

/** Text as code. */
export function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``;
}

/** Text in which back-ticks mark code. */
export function inlineCode(text: string): string {
  return text
    .split('`')
    .map((part, i) => (i % 2 === 0 ? escapeText(part) : code(part)))
    .join('');
}

/** A table of cells that are Markdown already. */
export function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Parts one below the other; those that are empty leave no gap. */
export function paragraphs(...parts: readonly string[]): string {
  return `${parts.filter((part) => part.trim() !== '').join('\n\n')}\n`;
}
