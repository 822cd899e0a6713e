// What EveryPageIT asks a page, run in the page: axe, width, bytes and the way of the focus.

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

window.walk = {
  /** One line per element that axe objects to. */
  async axe(rules) {
    // What has been scrolled below the bar on top is no target now.
    document.activeElement?.blur();
    window.scrollTo(0, 0);
    const only = rules ? { type: 'rule', values: rules } : { type: 'tag', values: TAGS };
    const found = await axe.run(document, {
      runOnly: only,
      rules: rules ? {} : { 'target-size': { enabled: true } },
      resultTypes: ['violations'],
      elementRef: false,
    });
    return found.violations.flatMap((rule) =>
      rule.nodes.slice(0, 3).map(
        (node) => `axe ${rule.id}: ${node.target.join(' ')} (${rule.nodes.length} in all): ${node.failureSummary.replace(/\s+/g, ' ').slice(0, 220)}`,
      ),
    );
  },

  /** Elements that make the page wider than its window. */
  tooWide() {
    const over = document.documentElement.scrollWidth - window.innerWidth;
    if (over <= 0) {
      return [];
    }
    const names = [...document.querySelectorAll('body *')]
      .filter((element) => element.getBoundingClientRect().right > window.innerWidth + 0.5)
      .slice(-3)
      .map((element) => element.tagName.toLowerCase() + (element.className.baseVal ?? '.' + element.className));
    return [`${over} pixels too wide at ${window.innerWidth}: ${names.join(', ')}`];
  },

  /** Bytes of the page and all it loaded, as transferred without a cache. */
  bytes() {
    return performance
      .getEntries()
      .filter((entry) => entry.entryType === 'navigation' || entry.entryType === 'resource')
      .reduce((sum, entry) => sum + entry.encodedBodySize, 0);
  },

  /** Opens what is folded, but for menus, which would lie over the rest. */
  open() {
    for (const details of document.querySelectorAll('main details:not(.drop)')) {
      details.open = true;
    }
  },

  /** Notes each element that gets the focus, and whether one sees it. */
  watchFocus() {
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute('tabindex');
    window.scrollTo(0, 0);
    this.seen = [];
    document.addEventListener('focusin', (event) => {
      const style = getComputedStyle(event.target);
      const shown = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1;
      this.seen.push([event.target, shown]);
    });
  },

  reachable() {
    return [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')].filter(
      (element) =>
        element.tabIndex >= 0 &&
        !element.disabled &&
        element.type !== 'hidden' &&
        element.checkVisibility({ visibilityProperty: true }) &&
        !(element.type === 'radio' && !element.checked),
    );
  },

  /** Presses of Tab that reach all: the parts of a date field take several. */
  presses(most) {
    return this.reachable()
      .slice(0, most)
      .reduce((sum, element) => sum + (/^(date|time)/.test(element.type) ? 8 : 1), 0);
  },

  /** What the keyboard did not reach, not in the order of reading, or not visibly. */
  focusComplaints(most) {
    const wanted = this.reachable().slice(0, most);
    const entered = this.seen.map(([element]) => element).filter((element, i, all) => element !== all[i - 1]);
    const round = entered.indexOf(entered[0], 1);
    const reached = round < 0 ? entered : entered.slice(0, round);
    const name = (element) => `${element.tagName.toLowerCase()} "${(element.getAttribute('aria-label') ?? element.textContent ?? '').trim().slice(0, 30)}"`;
    const complaints = [];
    const missing = wanted.filter((element) => !reached.includes(element));
    if (missing.length > 0) {
      complaints.push(`Tab does not reach ${missing.length}, first ${name(missing[0])}`);
    }
    for (let i = 1; i < reached.length; i++) {
      if (!(reached[i - 1].compareDocumentPosition(reached[i]) & Node.DOCUMENT_POSITION_FOLLOWING)) {
        complaints.push(`Tab goes back from ${name(reached[i - 1])} to ${name(reached[i])}`);
        break;
      }
    }
    const unseen = this.seen.filter(([, shown]) => !shown).map(([element]) => name(element));
    if (unseen.length > 0) {
      complaints.push(`focus is not visible on ${unseen.length}, first ${unseen[0]}`);
    }
    return complaints;
  },
};
