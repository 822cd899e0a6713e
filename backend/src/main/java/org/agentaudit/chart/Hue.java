package org.agentaudit.chart;

/// The colours of all charts, the same on pages (`--…` in `app.css`, which a test compares), in
/// PDFs and in mails. They stay apart for colour-blind readers and in grey; the texture tells
/// neighbours apart without any colour.
public enum Hue {
    /// What there is, without judging it.
    NEUTRAL("bar", "#8195b8", Texture.PLAIN),
    OK("ok", "#1b7245", Texture.PLAIN),
    WARNING("warn", "#8a5a00", Texture.STRIPES),
    FAILED("fail", "#b3261e", Texture.HATCH),
    PENDING("pending", "#5b4fc4", Texture.DOTS),
    UNKNOWN("unknown", "#5c6067", Texture.PLAIN),
    /// The question does not apply.
    NONE("none", "#8b8f96", Texture.PLAIN),
    ONE("agent-1", "#0072b2", Texture.PLAIN),
    TWO("agent-2", "#c24e00", Texture.HATCH),
    THREE("agent-3", "#00795a", Texture.STRIPES),
    FOUR("agent-4", "#a24784", Texture.DOTS),
    FIVE("agent-5", "#8a6a00", Texture.PLAIN),
    SIX("agent-6", "#2f7684", Texture.HATCH),
    SEVEN("agent-7", "#7b4a2a", Texture.STRIPES),
    EIGHT("agent-8", "#5457a6", Texture.DOTS);

    /// What lies on the colour.
    enum Texture {
        PLAIN,
        HATCH,
        STRIPES,
        DOTS
    }

    private final String token;
    private final String hex;
    private final Texture texture;

    Hue(String token, String hex, Texture texture) {
        this.token = token;
        this.hex = hex;
        this.texture = texture;
    }

    /// One of the eight hues for things that have no meaning of their own.
    ///
    /// @param number from 1 to 8, for instance an agent's; others wrap around
    public static Hue number(int number) {
        return values()[ONE.ordinal() + Math.floorMod(number - 1, 8)];
    }

    /// Name of the colour in the style sheet, and of the class that paints with it.
    public String token() {
        return token;
    }

    /// On white, `#rrggbb`.
    public String hex() {
        return hex;
    }

    Texture texture() {
        return texture;
    }

    /// Line pattern of a series drawn as a line; empty when it is not broken.
    String dash() {
        return switch (texture) {
            case PLAIN -> "";
            case HATCH -> "6 3";
            case STRIPES -> "2 3";
            case DOTS -> "9 3 2 3";
        };
    }

    /// A verdict that is none is drawn as an edge.
    boolean hollow() {
        return this == PENDING || this == UNKNOWN;
    }
}
