// Everything works without this file; it adds keys, copying and the live refresh.

const copyIcon =
  '<svg viewBox="0 0 16 16" aria-hidden="true"><path d="M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z" fill="none" stroke="currentColor" stroke-width="1.3" stroke-linejoin="round"/></svg>';

function addCopyButtons(root) {
  for (const element of root.querySelectorAll('[data-copy]')) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'copy';
    button.setAttribute('aria-label', 'Copy ' + (element.dataset.copyName ?? 'id'));
    button.innerHTML = copyIcon;
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(element.dataset.copy);
      button.setAttribute('aria-label', 'Copied');
    });
    element.after(button);
  }
}

function rows() {
  return [...document.querySelectorAll('[data-rows] [data-row]')].filter((row) => row.checkVisibility());
}

function move(step) {
  const all = rows();
  if (all.length === 0) {
    return;
  }
  const at = all.findIndex((row) => row.getAttribute('aria-selected') === 'true');
  const next = Math.min(all.length - 1, Math.max(0, at + step));
  all[at]?.removeAttribute('aria-selected');
  all[next].setAttribute('aria-selected', 'true');
  all[next].querySelector('a, summary')?.focus();
  all[next].scrollIntoView({ block: 'nearest' });
}

function typing(event) {
  return event.target.closest('input, select, textarea, [contenteditable]') !== null;
}

document.addEventListener('keydown', (event) => {
  if (typing(event) || event.ctrlKey || event.metaKey || event.altKey) {
    return;
  }
  if (event.key === '/') {
    const command = document.getElementById('command');
    if (command) {
      event.preventDefault();
      command.focus();
    }
  } else if (event.key === 'j') {
    move(1);
  } else if (event.key === 'k') {
    move(-1);
  } else if (event.key === 'o') {
    document.querySelector('[aria-selected=true]')?.querySelector('a, summary')?.click();
  } else if (event.key === 'e') {
    nextEvidence();
  } else if (event.key === '?') {
    document.getElementById('keys')?.showModal();
  }
});

// Menus close when the work goes on elsewhere.
document.addEventListener('click', (event) => {
  for (const menu of document.querySelectorAll('details.viewer[open], details.drawer[open], details.drop[open]')) {
    if (!menu.contains(event.target)) {
      menu.removeAttribute('open');
    }
  }
});
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') {
    for (const menu of document.querySelectorAll('details.viewer[open], details.drawer[open], details.drop[open]')) {
      menu.removeAttribute('open');
      menu.querySelector('summary').focus();
    }
  }
});

// `e` goes from one link to evidence to the next.
function nextEvidence() {
  const all = [...document.querySelectorAll('[data-evidence]')].filter((link) => link.checkVisibility());
  all[(all.indexOf(document.activeElement) + 1) % Math.max(1, all.length)]?.focus();
}

// A step of a long trace brings what is recorded of it when it is opened.
document.addEventListener(
  'toggle',
  async (event) => {
    const link = event.target.open ? event.target.querySelector(':scope > .body > [data-load]') : null;
    if (!link) {
      return;
    }
    const answer = await fetch(link.href, { headers: { Accept: 'text/html' }, redirect: 'error' }).catch(() => null);
    const found = answer?.ok ? new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('[data-detail]') : null;
    if (found) {
      link.before(...found.childNodes);
      addCopyButtons(link.parentElement);
      link.remove();
    }
  },
  true,
);

function keepLive(page) {
  const state = document.getElementById('live-state');
  const button = document.createElement('button');
  const seconds = Number(page.dataset.seconds);
  let paused = false;
  const show = (words) => {
    state.querySelector('[data-words]').textContent = words;
    state.classList.toggle('paused', paused);
  };
  // read out only when it changes: the parts themselves are replaced too often
  const said = document.getElementById('live-said');
  let last = page.querySelector('[data-sentence]')?.textContent ?? '';
  const say = (sentence) => {
    if (said && sentence !== last) {
      last = sentence;
      said.textContent = sentence;
    }
  };
  button.type = 'button';
  button.textContent = 'Pause';
  button.addEventListener('click', () => {
    paused = !paused;
    button.textContent = paused ? 'Resume' : 'Pause';
    show(paused ? 'Paused' : `Live, every ${seconds} s`);
  });
  state.querySelector('[data-refresh]').replaceWith(button);
  show(`Live, every ${seconds} s`);
  setInterval(async () => {
    if (paused || document.hidden || document.activeElement.closest('[data-live]')) {
      return;
    }
    try {
      const answer = await fetch(page.dataset.liveFrom, { headers: { Accept: 'text/html' }, redirect: 'error' });
      if (!answer.ok) {
        throw new Error(String(answer.status));
      }
      const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
      for (const part of page.querySelectorAll('[data-live]')) {
        if (part.querySelector('details[open]')) {
          continue;
        }
        part.replaceChildren(...fresh.querySelector(`[data-live="${part.dataset.live}"]`).childNodes);
      }
      say(fresh.querySelector('[data-sentence]')?.textContent ?? '');
      show(`Live, every ${seconds} s`);
    } catch {
      show('Not reached, trying again');
    }
  }, seconds * 1000);
}

addCopyButtons(document);
const livePage = document.querySelector('[data-live-from]');
if (livePage) {
  keepLive(livePage);
}

// A link to a step of a trace opens it.
function openTarget() {
  const target = location.hash.length > 1 ? document.getElementById(location.hash.slice(1)) : null;
  if (target instanceof HTMLDetailsElement) {
    target.open = true;
    target.scrollIntoView({ block: 'center' });
  }
}
window.addEventListener('hashchange', openTarget);
openTarget();

// A condition that cannot be read: the caret goes to the place.
const misread = document.querySelector('textarea[data-line]');
if (misread) {
  const lines = misread.value.split('\n');
  const before = lines.slice(0, Number(misread.dataset.line) - 1).join('\n').length;
  const at = before + (Number(misread.dataset.line) > 1 ? 1 : 0) + Number(misread.dataset.column) - 1;
  misread.focus();
  misread.setSelectionRange(at, at);
}

// An event of a list opens beside it where there is room; without, its page opens as ever.
const roomBeside = window.matchMedia('(min-width: 1100px)');

function closeBeside() {
  const beside = document.querySelector('.peek');
  if (beside) {
    beside.remove();
    beside.opener?.focus();
  }
}

async function openBeside(link) {
  const answer = await fetch(link.href, { headers: { Accept: 'text/html' }, redirect: 'error' });
  const article = answer.ok
    ? new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('main article')
    : null;
  if (!article) {
    location.assign(link.href);
    return;
  }
  document.querySelector('.peek')?.remove();
  const beside = document.createElement('aside');
  beside.className = 'peek';
  beside.setAttribute('aria-label', 'Event');
  beside.opener = link;
  const bar = document.createElement('div');
  bar.className = 'bar';
  const close = document.createElement('button');
  close.type = 'button';
  close.textContent = 'Close';
  close.addEventListener('click', closeBeside);
  const page = document.createElement('a');
  page.href = link.href;
  page.textContent = 'Open as a page';
  bar.append(close, page);
  const heading = document.createElement('h2');
  const title = article.querySelector('h1');
  heading.textContent = title.textContent;
  title.replaceWith(heading);
  beside.append(bar, article);
  document.body.append(beside);
  addCopyButtons(beside);
  close.focus();
}

document.addEventListener('click', (event) => {
  const link = event.target.closest('a[data-beside]');
  if (link && roomBeside.matches && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    openBeside(link).catch(() => location.assign(link.href));
  }
});
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') {
    closeBeside();
  }
});

// Completes the word of a query that is being typed.
function completeWords(input) {
  const words = [...document.getElementById(input.dataset.complete).options].map((option) => option.value);
  const list = document.createElement('ul');
  let chosen = -1;
  list.id = 'completion';
  list.className = 'completion';
  list.hidden = true;
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', 'Completions');
  input.after(list);
  for (const [name, value] of [['role', 'combobox'], ['aria-expanded', 'false'], ['aria-controls', list.id], ['aria-autocomplete', 'list']]) {
    input.setAttribute(name, value);
  }
  const wordStart = () => input.value.slice(0, input.selectionStart).search(/\S*$/);
  const show = (open) => {
    list.hidden = !open;
    input.setAttribute('aria-expanded', String(open));
    if (!open) {
      chosen = -1;
      input.removeAttribute('aria-activedescendant');
    }
  };
  const take = (word) => {
    const start = wordStart();
    const end = input.selectionStart;
    const put = word.endsWith(':') ? word : word + ' ';
    input.setRangeText(put, start, end, 'end');
    input.focus();
    offer();
  };
  const choose = (next) => {
    const items = [...list.children];
    items[chosen]?.setAttribute('aria-selected', 'false');
    chosen = (next + items.length) % items.length;
    items[chosen].setAttribute('aria-selected', 'true');
    items[chosen].scrollIntoView({ block: 'nearest' });
    input.setAttribute('aria-activedescendant', items[chosen].id);
  };
  function offer() {
    const typed = input.value.slice(wordStart(), input.selectionStart).toLowerCase();
    const fits = words.filter((word) => word.toLowerCase().startsWith(typed) && word.toLowerCase() !== typed).slice(0, 40);
    list.replaceChildren(
      ...fits.map((word, i) => {
        const item = document.createElement('li');
        item.id = 'completion-' + i;
        item.setAttribute('role', 'option');
        item.setAttribute('aria-selected', 'false');
        item.textContent = word;
        item.addEventListener('pointerdown', (event) => {
          event.preventDefault();
          take(word);
        });
        return item;
      }),
    );
    show(typed !== '' && fits.length > 0);
  }
  input.addEventListener('input', offer);
  input.addEventListener('blur', () => show(false));
  input.addEventListener('keydown', (event) => {
    if (list.hidden) {
      return;
    }
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      choose(chosen < 0 && event.key === 'ArrowUp' ? list.children.length - 1 : chosen + (event.key === 'ArrowDown' ? 1 : -1));
    } else if (event.key === 'Escape') {
      show(false);
    } else if ((event.key === 'Enter' || event.key === 'Tab') && chosen >= 0) {
      event.preventDefault();
      take(list.children[chosen].textContent);
    }
  });
}
for (const input of document.querySelectorAll('input[data-complete]')) {
  completeWords(input);
}
