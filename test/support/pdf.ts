/** One page of a test PDF: its content stream, or lines of text from the top of the page. */
type PdfPage = string | readonly string[];

interface PdfOptions {
  readonly title?: string;
  /** Has the standard handler ask for a password: the keys are no password's. */
  readonly encrypted?: boolean;
}

/** A minimal PDF in Helvetica, 12 points, 14 points from line to line (ISO 32000-1, 7.5). */
export function pdf(pages: readonly PdfPage[], { title, encrypted = false }: PdfOptions = {}): Buffer {
  const kids = pages.map((_, i) => `${4 + 2 * i} 0 R`).join(' ');
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Count ${pages.length} /Kids [${kids}] >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
  ];
  pages.forEach((page, i) => {
    const content = typeof page === 'string' ? page : textContent(page);
    objects.push(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >> /Contents ${5 + 2 * i} 0 R >>`,
      `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    );
  });
  let trailer = '/Root 1 0 R';
  if (title !== undefined) {
    objects.push(`<< /Title ${literal(title)} >>`);
    trailer += ` /Info ${objects.length} 0 R`;
  }
  if (encrypted) {
    const key = '41'.repeat(32);
    objects.push(`<< /Filter /Standard /V 1 /R 2 /O <${key}> /U <${key}> /P -44 >>`);
    trailer += ` /Encrypt ${objects.length} 0 R /ID [<00> <00>]`;
  }
  let file = '%PDF-1.4\n';
  let table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`;
  objects.forEach((object, i) => {
    table += `${String(file.length).padStart(10, '0')} 00000 n \n`;
    file += `${i + 1} 0 obj\n${object}\nendobj\n`;
  });
  const end = `trailer\n<< /Size ${objects.length + 1} ${trailer} >>\nstartxref\n${file.length}\n%%EOF\n`;
  return Buffer.from(file + table + end, 'latin1');
}

/** Lines from the top of the page; an empty one leaves room as between paragraphs. */
export function textContent(lines: readonly string[]): string {
  return `BT /F1 12 Tf 14 TL 72 720 Td ${lines.map((line) => `${literal(line)} Tj T*`).join(' ')} ET`;
}

function literal(text: string): string {
  return `(${text.replaceAll(/[\\()]/g, '\\$&')})`;
}
