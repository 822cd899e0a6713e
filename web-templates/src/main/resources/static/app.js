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
  return [...document.querySelectorAll('[data-rows] > [data-row]')];
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
