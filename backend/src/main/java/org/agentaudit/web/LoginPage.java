package org.agentaudit.web;

import org.jspecify.annotations.Nullable;

/// The sign-in form; model of `views/login.html`. The form posts `username`, `password`, `csrf` and
/// `returnTo` to `/login`.
///
/// @param username  as typed before, to fill the field again; empty at first
/// @param message   why the last attempt did not work, in words; null at first
/// @param returnTo  local path to go to after sign-in
/// @param csrfToken value of the hidden field `csrf` (before a session exists, so not the layout's)
public record LoginPage(
        String username, @Nullable String message, String returnTo, String csrfToken) {}
