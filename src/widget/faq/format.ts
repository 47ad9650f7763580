/** Numbers as a language writes them. */
export interface Formats {
  /** 0.85 is 85%. */
  readonly percent: (share: number) => string;
  readonly number: (value: number) => string;
  /** 12 is "12 seconds", 90 is "2 minutes". */
  readonly duration: (seconds: number) => string;
}

const MINUTE = 60;
/** From here on nobody counts seconds. */
const IN_MINUTES_FROM = 90;

export function formatsOf(tag: string): Formats {
  const percent = new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: 0 });
  const number = new Intl.NumberFormat(tag);
  const unit = (name: string): Intl.NumberFormat =>
    new Intl.NumberFormat(tag, { style: 'unit', unit: name, unitDisplay: 'long' });
  return {
    percent: (share) => percent.format(share),
    number: (value) => number.format(value),
    duration: (seconds) =>
      seconds < IN_MINUTES_FROM
        ? unit('second').format(Math.max(1, Math.ceil(seconds)))
        : unit('minute').format(Math.ceil(seconds / MINUTE)),
  };
}
