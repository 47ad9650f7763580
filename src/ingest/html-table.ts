import { defaultTreeAdapter } from 'parse5';
import { isLeftOut, textOf } from './html-content.js';
import { attribute, findElement, isElement, isNamed, roleOf, type HtmlElement } from './html-tree.js';

const TABLE = new Set(['table']);
const ROW_GROUPS = new Set(['thead', 'tbody', 'tfoot']);
const HEAD = new Set(['thead']);
const ROW = new Set(['tr']);
const CELL = new Set(['td', 'th']);
const HEADER_CELL = new Set(['th']);
const CAPTION = new Set(['caption']);
const BOLD = new Set(['b', 'strong']);
const PARAGRAPH = new Set(['p', 'div', 'span']);

/** Columns that are told apart: spans multiply, and a small page could ask for millions. */
const MAX_COLUMNS = 1000;
/** HTML's own limit. */
const MAX_ROW_SPAN = 65534;

/** A table of data, as opposed to one that lays out a page. */
export interface HtmlTable {
  readonly caption: HtmlElement | undefined;
  /** The rows below the header. */
  readonly rows: readonly (readonly HtmlTableCell[])[];
}

export interface HtmlTableCell {
  readonly element: HtmlElement;
  /** Name of its column; empty where the table names none. */
  readonly column: string;
}

/**
 * Reads a table's rows with the names of their columns. The header are the rows in `thead`, else the first rows that have only `th`
 * or bold cells. Its last row names the columns; those above it are read like other rows. Undefined for a table that lays out a
 * page: one with another table inside, or with `role="presentation"`.
 */
export function readHtmlTable(table: HtmlElement): HtmlTable | undefined {
  const isLayout = ['presentation', 'none'].includes(roleOf(table));
  const hasTable = findElement(table.childNodes, (element) => isNamed(element, TABLE)) !== undefined;
  if (isLayout || hasTable) return undefined;
  const groups = table.childNodes.filter((child) => isNamed(child, ROW_GROUPS));
  const head = groups.filter((group) => isNamed(group, HEAD)).flatMap(rowsOf);
  const rows = [...head, ...groups.filter((group) => !isNamed(group, HEAD)).flatMap(rowsOf)];
  const headerLength = head.length > 0 && head.length < rows.length ? head.length : leadingHeadings(rows);
  const header = rows[headerLength - 1];
  return {
    caption: table.childNodes.find((child) => isNamed(child, CAPTION)),
    rows: [
      ...withColumns(rows.slice(0, Math.max(headerLength - 1, 0)), []),
      ...withColumns(rows.slice(headerLength), header === undefined ? [] : columnsOf(header)),
    ],
  };
}

/** How many rows at the top have only headings; of a table of nothing else the first alone. */
function leadingHeadings(rows: readonly HtmlElement[]): number {
  const first = rows.findIndex((row) => !cellsOf(row).every(isHeading));
  return first === -1 ? Math.min(1, rows.length - 1) : first;
}

function columnsOf(header: HtmlElement): string[] {
  const columns: string[] = [];
  for (const cell of cellsOf(header)) {
    const name = textOf(cell);
    for (let i = numberOf(cell, 'colspan', MAX_COLUMNS); i > 0 && columns.length < MAX_COLUMNS; i--)
      columns.push(name);
  }
  return columns;
}

function rowsOf(group: HtmlElement): HtmlElement[] {
  return group.childNodes.filter((child) => isNamed(child, ROW)).filter((row) => !isLeftOut(row));
}

function cellsOf(row: HtmlElement): HtmlElement[] {
  return row.childNodes.filter((child) => isNamed(child, CELL));
}

function withColumns(rows: readonly HtmlElement[], columns: readonly string[]): HtmlTableCell[][] {
  /** For every column, how many rows the cell from above still covers. */
  const covered: number[] = [];
  return rows.map((row) => {
    let column = 0;
    const cells = cellsOf(row).map((element) => {
      while ((covered[column] ?? 0) > 0) covered[column] = (covered[column++] ?? 1) - 1;
      const cell = { element, column: columns[column] ?? '' };
      const rowSpan = numberOf(element, 'rowspan', MAX_ROW_SPAN);
      for (let i = numberOf(element, 'colspan', MAX_COLUMNS); i > 0 && column < MAX_COLUMNS; i--) {
        covered[column++] = rowSpan - 1;
      }
      return cell;
    });
    for (; column < covered.length; column++) covered[column] = Math.max((covered[column] ?? 0) - 1, 0);
    return cells;
  });
}

function numberOf(cell: HtmlElement, name: string, max: number): number {
  const value = Number.parseInt(attribute(cell, name) ?? '1', 10);
  return value >= 1 ? Math.min(value, max) : 1;
}

/** True for a `th` and for a cell that is all bold. */
function isHeading(cell: HtmlElement): boolean {
  return isNamed(cell, HEADER_CELL) || isBold(cell);
}

function isBold(cell: HtmlElement): boolean {
  for (let element: HtmlElement | undefined = cell; element !== undefined;) {
    const children: HtmlElement['childNodes'] = element.childNodes.filter(
      (child) => !defaultTreeAdapter.isTextNode(child) || child.value.trim() !== '',
    );
    const [only] = children;
    if (children.length !== 1 || only === undefined || !isElement(only)) return false;
    if (isNamed(only, BOLD)) return true;
    element = isNamed(only, PARAGRAPH) ? only : undefined;
  }
  return false;
}
