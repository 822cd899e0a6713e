package org.agentaudit.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.agentaudit.chart.Drawing.Anchor;
import org.agentaudit.chart.Drawing.Spot;

/// For PDFs and mails: a fixed width, colours and letters in the picture itself, its key above.
final class PrintWriter extends SvgWriter {

    private static final double TEXT = 10.5;
    private static final double KEY_ROW = 17;
    private static final double SAMPLE = 12;
    private static final String INK = "#5c6067";
    private static final String GRID = "#e1e1dd";
    private static final String BAND = "#dfe5ef";
    private static final String[] HEAT = {"#f1f1ee", "#cfd8ea", "#a3b4d4", "#6f88b5", "#3d5a8f"};
    private static final int LONGEST_KEY = 48;

    private final Theme theme;
    private final Outlines letters = Outlines.ours();
    private double left;
    private double width;
    private double top;

    PrintWriter(XMLStreamWriter xml, String id, Theme theme) {
        super(xml, id);
        this.theme = theme;
    }

    @Override
    void chart(Chart chart, Drawing drawing, String title, String sentence)
            throws XMLStreamException {
        boolean spark = chart.kind() == Kind.SPARK;
        int margin = spark ? 0 : theme.margin();
        int full = spark ? 96 : theme.width();
        double gutter =
                drawing.marks().stream()
                        .mapToDouble(
                                mark ->
                                        mark instanceof Drawing.Label label
                                                        && label.anchor() == Anchor.GUTTER
                                                ? letters.width(label.text(), TEXT) + 8
                                                : 0)
                        .max()
                        .orElse(0);
        left = margin + gutter;
        width = full - margin - left;
        List<Place> keys = keys(chart, margin, full - margin);
        top = margin + (keys.isEmpty() ? 0 : keys.getLast().y() + KEY_ROW + 2);
        double height = top + drawing.height() + margin;
        xml.writeStartElement("svg");
        xml.writeDefaultNamespace(ChartSvg.NAMESPACE);
        attributes("width", Integer.toString(full), "height", number(height));
        attributes("viewBox", "0 0 " + full + " " + number(height));
        attributes("role", "img", "aria-labelledby", id + "-title " + id + "-desc");
        titles(title, sentence);
        patterns(chart, drawing);
        if (theme == Theme.MAIL) {
            rectangle(0, full, 0, height);
            attributes("fill", "#ffffff");
        }
        for (Place place : keys) {
            key(place, margin);
        }
        marks(drawing);
        xml.writeEndElement();
        xml.flush();
    }

    private record Place(Chart.Key key, String name, double x, double y) {}

    private List<Place> keys(Chart chart, double from, double to) {
        List<Place> places = new ArrayList<>();
        double x = from;
        double y = 0;
        for (Chart.Key key : chart.keys()) {
            String name = ChartText.shortened(key.name(), LONGEST_KEY);
            double needed = SAMPLE + 5 + letters.width(name, TEXT);
            if (x > from && x + needed > to) {
                x = from;
                y += KEY_ROW;
            }
            places.add(new Place(key, name, x, y));
            x += needed + 16;
        }
        return places;
    }

    private void key(Place place, double margin) throws XMLStreamException {
        double y = margin + place.y();
        Hue hue = place.key().hue();
        switch (place.key().sample()) {
            case "line", "limit" -> {
                xml.writeEmptyElement("path");
                attributes(
                        "d", "M" + number(place.x()) + " " + number(y + 7) + "h" + number(SAMPLE));
                if (place.key().sample().equals("limit")) {
                    attributes("stroke-dasharray", "4 3");
                    stroke(hue);
                } else {
                    lineStyle(hue);
                }
            }
            case "band" -> {
                rectangle(place.x(), SAMPLE, y + 2, 10);
                attributes("fill", BAND);
            }
            default -> {
                rectangle(place.x(), SAMPLE - 2, y + 2, SAMPLE - 2);
                if (place.key().sample().equals("hollow")) {
                    attributes("fill", "none");
                    stroke(hue);
                } else {
                    textured(hue);
                }
            }
        }
        text(place.name(), place.x() + SAMPLE + 5, y + 11);
    }

    @Override
    void paint(Drawing.Mark mark) throws XMLStreamException {
        switch (mark) {
            case Drawing.Box box -> {
                rectangle(x(box.x()), box.width() * width, top + box.y(), box.height());
                if (box.level() > 0) {
                    attributes("fill", HEAT[box.level() - 1]);
                } else {
                    textured(box.hue());
                }
            }
            case Drawing.Frame frame -> {
                rectangle(
                        x(frame.x()) + 0.5,
                        Math.max(0.5, frame.width() * width - 1),
                        top + frame.y() + 0.5,
                        frame.height() - 1);
                attributes("fill", "none");
                stroke(frame.hue());
            }
            case Drawing.Grid grid -> {
                xml.writeEmptyElement("path");
                attributes("d", across(grid.y()), "stroke", GRID);
            }
            case Drawing.Limit limit -> {
                xml.writeEmptyElement("path");
                attributes("d", across(limit.y()), "stroke-dasharray", "4 3");
                stroke(limit.hue());
            }
            case Drawing.Path path -> {
                xml.writeEmptyElement("path");
                attributes("d", "M" + points(path.spots()));
                lineStyle(path.hue());
            }
            case Drawing.Area area -> {
                List<Spot> around = new ArrayList<>(area.low());
                around.addAll(area.high().reversed());
                xml.writeEmptyElement("path");
                attributes("d", "M" + points(around) + "Z", "fill", BAND);
            }
            case Drawing.Dot dot -> {
                xml.writeEmptyElement("circle");
                attributes("cx", number(x(dot.at().x())), "cy", number(top + dot.at().y()));
                attributes("r", "2.5");
                fill(dot.hue());
            }
            case Drawing.Label label -> label(label);
        }
    }

    private void label(Drawing.Label label) throws XMLStreamException {
        double size = letters.width(label.text(), TEXT);
        double x =
                switch (label.anchor()) {
                    case START -> x(label.x());
                    case MIDDLE -> x(label.x()) - size / 2;
                    case END -> x(label.x()) - size;
                    case GUTTER -> left - 8 - size;
                };
        text(label.text(), x, top + label.y());
    }

    private void text(String text, double x, double y) throws XMLStreamException {
        xml.writeEmptyElement("path");
        attributes("d", letters.path(text, x, y, TEXT), "fill", INK);
    }

    private void textured(Hue hue) throws XMLStreamException {
        if (hue.texture() == Hue.Texture.PLAIN) {
            fill(hue);
        } else {
            attributes("fill", "url(#" + pattern(id, hue) + ")");
        }
    }

    private void rectangle(double x, double across, double y, double height)
            throws XMLStreamException {
        xml.writeEmptyElement("rect");
        attributes("x", number(x), "width", number(across), "y", number(y));
        attributes("height", number(height));
    }

    private String across(double y) {
        return "M" + number(left) + " " + number(top + y) + "h" + number(width);
    }

    private String points(List<Spot> spots) {
        return spots.stream()
                .map(spot -> number(x(spot.x())) + " " + number(top + spot.y()))
                .collect(Collectors.joining("L"));
    }

    private double x(double share) {
        return left + share * width;
    }

    @Override
    void fill(Hue hue) throws XMLStreamException {
        attributes("fill", hue.hex());
    }

    @Override
    void stroke(Hue hue) throws XMLStreamException {
        attributes("stroke", hue.hex());
    }

    @Override
    void onHue(String property) throws XMLStreamException {
        attributes(property, "#ffffff");
    }
}
