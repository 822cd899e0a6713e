package org.agentaudit.ingest.redact;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/// Finds many words in one pass over a text, whatever their number (Aho-Corasick with all
/// transitions worked out). ASCII letters match in any case, and every digit matches every digit.
final class Anchors {
    private static final int[] NONE = {};
    private static final int END = Integer.MIN_VALUE;

    private final byte[] classes = new byte[128];
    private final int width;
    private final int[] next;
    private final int[][] ends;
    private final int[] lengths;

    /// @param words lower case ASCII; a match is told by the place in this list
    Anchors(List<String> words) {
        int kinds = 1;
        for (String word : words) {
            for (int i = 0; i < word.length(); i++) {
                char c = fold(word.charAt(i));
                if (classes[c] == 0) {
                    classes[c] = (byte) kinds++;
                }
            }
        }
        width = kinds;
        for (char c = 'A'; c <= 'Z'; c++) {
            classes[c] = classes[fold(c)];
        }
        for (char c = '0'; c <= '9'; c++) {
            classes[c] = classes['0'];
        }
        lengths = words.stream().mapToInt(String::length).toArray();
        List<int[]> states = new ArrayList<>();
        List<int[]> found = new ArrayList<>();
        states.add(new int[width]);
        found.add(NONE);
        for (int word = 0; word < lengths.length; word++) {
            add(words.get(word), word, states, found);
        }
        complete(states, found);
        next = new int[states.size() * width];
        for (int state = 0; state < states.size(); state++) {
            System.arraycopy(states.get(state), 0, next, state * width, width);
        }
        // Rows are addressed by their start, which spares a multiplication for each character, and
        // where a word ends the sign says so, which spares looking it up.
        for (int i = 0; i < next.length; i++) {
            int state = next[i];
            next[i] = found.get(state).length == 0 ? state * width : state * width | END;
        }
        ends = new int[next.length][];
        for (int state = 0; state < states.size(); state++) {
            ends[state * width] = found.get(state);
        }
    }

    private void add(String word, int number, List<int[]> states, List<int[]> found) {
        int state = 0;
        for (int i = 0; i < word.length(); i++) {
            int[] row = states.get(state);
            int kind = classes[fold(word.charAt(i))];
            if (row[kind] == 0) {
                row[kind] = states.size();
                states.add(new int[width]);
                found.add(NONE);
            }
            state = row[kind];
        }
        found.set(state, join(found.get(state), new int[] {number}));
    }

    /// Fills in where a state goes when its word does not go on.
    private void complete(List<int[]> states, List<int[]> found) {
        int[] fallback = new int[states.size()];
        Deque<Integer> open = new ArrayDeque<>();
        for (int child : states.getFirst()) {
            if (child != 0) {
                open.add(child);
            }
        }
        while (!open.isEmpty()) {
            int state = open.remove();
            found.set(state, join(found.get(state), found.get(fallback[state])));
            int[] row = states.get(state);
            int[] other = states.get(fallback[state]);
            for (int kind = 0; kind < width; kind++) {
                if (row[kind] == 0) {
                    row[kind] = other[kind];
                } else {
                    fallback[row[kind]] = other[kind];
                    open.add(row[kind]);
                }
            }
        }
    }

    private static int[] join(int[] a, int[] b) {
        int[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    private static char fold(char c) {
        if (c >= 'A' && c <= 'Z') {
            return (char) (c + 'a' - 'A');
        }
        return c >= '0' && c <= '9' ? '0' : c;
    }

    int length(int word) {
        return lengths[word];
    }

    /// The state behind one more character; a pass starts with state 0. Negative where a word ends.
    int step(int state, char c) {
        return next[(state & ~END) + (c < 128 ? classes[c] : 0)];
    }

    /// Words that end in this state, longest first.
    int[] ends(int state) {
        return ends[state & ~END];
    }

    /// Where the first of the words ends; -1 when none occurs.
    int first(String text) {
        int state = 0;
        int length = text.length();
        for (int i = 0; i < length; i++) {
            state = step(state, text.charAt(i));
            if (state < 0) {
                return i;
            }
        }
        return -1;
    }

    int longest() {
        int longest = 0;
        for (int length : lengths) {
            longest = Math.max(longest, length);
        }
        return longest;
    }
}
