package org.agentaudit.web;

import org.jspecify.annotations.Nullable;

/// Where to go after sign-in. Only a path of this portal is followed: anything else would send a
/// person who has just typed a password to a foreign page.
final class ReturnTo {
    private static final String HOME = "/";
    private static final int MAX_LENGTH = 2_000;

    private ReturnTo() {}

    /// The path and query asked for if it is local, else `/`.
    static String local(@Nullable String asked) {
        return asked != null && isLocal(asked) ? asked : HOME;
    }

    private static boolean isLocal(String path) {
        return path.length() <= MAX_LENGTH
                && path.startsWith("/")
                && !path.startsWith("//")
                && path.chars().allMatch(ReturnTo::isPlain)
                && !isPath(path, "/login")
                && !isPath(path, "/logout");
    }

    /// Visible ASCII without the backslash, which browsers read as a slash.
    private static boolean isPlain(int character) {
        return character > 0x20 && character < 0x7f && character != '\\';
    }

    private static boolean isPath(String path, String other) {
        return path.equals(other) || path.startsWith(other + "?");
    }
}
