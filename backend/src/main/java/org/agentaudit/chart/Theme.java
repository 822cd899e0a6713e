package org.agentaudit.chart;

/// Where a chart is shown.
public enum Theme {
    /// On a page: as wide as there is room, painted by classes of `app.css`, with tips and links.
    SCREEN,
    /// In a PDF: 498 pixels wide, colours and outlines of letters in the picture itself.
    PRINT,
    /// In a mail, as a picture: 560 pixels wide on white.
    MAIL;

    /// Pixels; 0 for as wide as there is room.
    int width() {
        return switch (this) {
            case SCREEN -> 0;
            case PRINT -> 498;
            case MAIL -> 560;
        };
    }

    /// Around the drawing, in pixels.
    int margin() {
        return this == MAIL ? 12 : 0;
    }
}
