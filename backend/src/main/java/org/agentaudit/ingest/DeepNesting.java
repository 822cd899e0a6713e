package org.agentaudit.ingest;

/// Takes from a body what is nested deeper than any reader should follow, so that one such item is
/// refused alone and costs no memory. An array or object beyond the limit becomes a zero and
/// blanks; every other byte keeps its place.
final class DeepNesting {
    private DeepNesting() {}

    /// @param lines each line is a text of its own
    /// @param limit levels that stay
    /// @return the body itself when nothing in it is deeper
    static byte[] without(byte[] body, boolean lines, int limit) {
        byte[] left = body;
        int depth = 0;
        boolean inText = false;
        boolean escaped = false;
        for (int i = 0; i < body.length; i++) {
            byte b = body[i];
            boolean deep = depth > limit;
            boolean opens = false;
            if (b == '\n' && lines) {
                depth = 0;
                inText = false;
                escaped = false;
            } else if (escaped) {
                escaped = false;
            } else if (inText) {
                escaped = b == '\\';
                inText = b != '"';
            } else if (b == '"') {
                inText = true;
            } else if (b == '[' || b == '{') {
                opens = true;
                depth++;
                deep = depth > limit;
            } else if (b == ']' || b == '}') {
                depth = Math.max(0, depth - 1);
            }
            if (deep && b != '\n') {
                if (left == body) {
                    left = body.clone();
                }
                left[i] = (byte) (opens && depth == limit + 1 ? '0' : ' ');
            }
        }
        return left;
    }
}
