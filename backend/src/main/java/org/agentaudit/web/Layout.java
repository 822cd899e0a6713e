package org.agentaudit.web;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What every page shows around its content; the model variable `layout`.
///
/// @param viewer    who is signed in; null on the sign-in page and on errors before sign-in
/// @param nav       entries the viewer may open, in order; empty without a viewer
/// @param tabs pages beside the current one, those the viewer may open; empty when it stands alone
/// @param menu      entries of the viewer's own menu
/// @param path      path of the current page without query, for instance `/daily/2026-11-21`
/// @param csrfToken value of the hidden field `csrf` of every form; empty when the viewer did not
///      sign in with a browser
public record Layout(
        @Nullable ViewerBadge viewer,
        List<NavEntry> nav,
        List<NavEntry> tabs,
        List<NavEntry> menu,
        String path,
        String csrfToken) {
    public Layout {
        nav = List.copyOf(nav);
        tabs = List.copyOf(tabs);
        menu = List.copyOf(menu);
    }
}
