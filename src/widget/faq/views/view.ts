import type { Formats } from '../format.js';
import type { FaqStrings } from '../strings/index.js';

/** What all views of one component share. */
export interface View {
  readonly strings: FaqStrings;
  readonly formats: Formats;
  /** Level of the headings that questions are. */
  readonly headingLevel: 2 | 3 | 4 | 5 | 6;
  readonly contact: { readonly href: string; readonly text: string } | undefined;
  /** What relative addresses of sources are relative to. */
  readonly sourceBase: string;
}
