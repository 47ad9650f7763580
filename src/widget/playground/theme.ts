const STORED = 'verbatim-theme';

/** Light or dark as the system has it, until the button says otherwise; what it says is remembered. */
export function setUpTheme(button: HTMLButtonElement): void {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const chosen = (): string | null => localStorage.getItem(STORED);
  const apply = (): void => {
    const isDark = (chosen() ?? (system.matches ? 'dark' : 'light')) === 'dark';
    document.documentElement.dataset['theme'] = isDark ? 'dark' : 'light';
    button.setAttribute('aria-pressed', String(isDark));
  };
  button.addEventListener('click', () => {
    localStorage.setItem(STORED, button.getAttribute('aria-pressed') === 'true' ? 'light' : 'dark');
    apply();
  });
  system.addEventListener('change', apply);
  apply();
}
