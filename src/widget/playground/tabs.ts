/** Tabs by the keyboard, too: the arrows, Home and End go from one to the other. */
export function setUpTabs(
  tabs: readonly HTMLButtonElement[],
  onShow: (tab: HTMLButtonElement) => void,
): void {
  const show = (shown: HTMLButtonElement): void => {
    for (const tab of tabs) {
      const isShown = tab === shown;
      tab.setAttribute('aria-selected', String(isShown));
      tab.tabIndex = isShown ? 0 : -1;
      const view = document.getElementById(tab.getAttribute('aria-controls') ?? '');
      if (view !== null) view.hidden = !isShown;
    }
    onShow(shown);
  };
  tabs.forEach((tab, i) => {
    tab.addEventListener('click', () => show(tab));
    tab.addEventListener('keydown', ({ key }) => {
      const to = { ArrowRight: i + 1, ArrowLeft: i - 1 + tabs.length, Home: 0, End: tabs.length - 1 }[key];
      const next = to === undefined ? undefined : tabs[to % tabs.length];
      if (next === undefined) return;
      next.focus();
      show(next);
    });
  });
}
