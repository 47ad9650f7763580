import type { ConfidenceLevel } from '../../confidence.js';
import type { EngineErrorReason } from '../../engine.js';

/** All text of the interface in one language. Words in braces are replaced by what they name. */
export interface FaqStrings {
  readonly heading: string;
  readonly label: string;
  readonly placeholder: string;
  readonly welcome: string;
  readonly examples: string;
  readonly ask: string;
  readonly stop: string;
  readonly clear: string;
  readonly conversation: string;
  readonly suggestions: string;
  /** Read out. `{count}` */
  readonly suggestionsFound: string;
  /** Read out before a question. */
  readonly youAsked: string;

  /** While an engine fetches what it needs. `{share}`, as 40% */
  readonly loading: string;
  readonly searching: string;
  /** `{read}`, `{count}` */
  readonly reading: string;
  readonly slow: string;
  readonly stopped: string;

  readonly source: string;
  /** More places where the same answer stands. */
  readonly alsoIn: string;
  /** `{page}` */
  readonly page: string;
  /** Read out after a link. */
  readonly newTab: string;
  readonly confidence: string;
  readonly confidenceLevels: Readonly<Record<ConfidenceLevel, string>>;
  readonly conflicting: string;
  readonly notWhatYouMeant: string;

  readonly noAnswer: string;
  readonly nothingFound: string;
  readonly nearest: string;
  readonly contact: string;

  readonly wasItRight: string;
  readonly right: string;
  readonly wrong: string;
  readonly thanks: string;
  readonly feedbackFailed: string;
  readonly feedbackNotTaken: string;

  readonly emptyQuestion: string;
  readonly errors: Readonly<Record<EngineErrorReason, string>>;
  /** `{time}`, as "12 seconds" */
  readonly retryIn: string;
  readonly retry: string;
}

/** A language's text, and the direction in which it is written. */
export interface FaqLanguage {
  readonly direction: 'ltr' | 'rtl';
  readonly strings: FaqStrings;
}

/** Puts values into the braces of a text. */
export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
