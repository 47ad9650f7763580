import type { MarkdownOptions } from 'vitepress';

type MarkdownIt = Parameters<NonNullable<MarkdownOptions['config']>>[0];

/** A table's corner that says nothing is no header: as one, it would be read out before every cell of its column. */
export function emptyCornersAreCells(markdown: MarkdownIt): void {
  markdown.core.ruler.push('table-corners', ({ tokens }) => {
    tokens.forEach((token, i) => {
      const [content, close] = [tokens[i + 1], tokens[i + 2]];
      if (token.type !== 'th_open' || content?.content !== '' || close?.type !== 'th_close') return;
      token.tag = 'td';
      close.tag = 'td';
    });
  });
}

/** A picture that stands alone keeps its size, so that its letters can be read on a telephone, and can be scrolled by key, too. */
export function figuresScroll(markdown: MarkdownIt): void {
  markdown.core.ruler.push('figures', ({ tokens }) => {
    tokens.forEach((token, i) => {
      const children = tokens[i + 1]?.children ?? [];
      if (token.type !== 'paragraph_open' || children.length !== 1 || children[0]?.type !== 'image') return;
      token.attrSet('class', 'figure');
      token.attrSet('tabindex', '0');
    });
  });
}
