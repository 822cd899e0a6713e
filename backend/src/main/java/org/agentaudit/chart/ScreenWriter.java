package org.agentaudit.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.agentaudit.chart.Drawing.Spot;

/// For pages: places across are percentages, so the drawing is as wide as its column while texts
/// keep their size. The picture is one thing to screen readers, who read the table behind; tips and
/// links lie above it for the mouse.
final class ScreenWriter extends SvgWriter {

    private static final double SCALE = 1000;

    ScreenWriter(XMLStreamWriter xml, String id) {
        super(xml, id);
    }

    @Override
    void chart(Chart chart, Drawing drawing, String title, String sentence)
            throws XMLStreamException {
        xml.writeStartElement("svg");
        xml.writeDefaultNamespace(ChartSvg.NAMESPACE);
        attributes("class", "plot g-" + Math.min(8, drawing.gutter()), "width", "100%");
        attributes("height", number(drawing.height()), "focusable", "false");
        patterns(chart, drawing);
        xml.writeStartElement("g");
        attributes("role", "img", "aria-labelledby", id + "-title " + id + "-desc");
        titles(title, sentence);
        marks(drawing);
        xml.writeEndElement();
        xml.writeStartElement("g");
        attributes("aria-hidden", "true");
        for (Drawing.Hit hit : drawing.hits()) {
            hit(hit);
        }
        xml.writeEndElement();
        xml.writeEndElement();
        xml.flush();
    }

    private void hit(Drawing.Hit hit) throws XMLStreamException {
        xml.writeStartElement(hit.href() == null ? "g" : "a");
        if (hit.href() != null) {
            attributes("href", ChartText.clean(hit.href()), "tabindex", "-1");
        }
        element("title", hit.tip());
        rectangle(hit.x(), hit.width(), hit.y(), hit.height());
        attributes("class", "hit");
        xml.writeEndElement();
    }

    @Override
    void paint(Drawing.Mark mark) throws XMLStreamException {
        switch (mark) {
            case Drawing.Box box -> {
                rectangle(box.x(), box.width(), box.y(), box.height());
                if (box.level() > 0) {
                    attributes("class", "heat-" + box.level());
                } else if (box.hue().texture() == Hue.Texture.PLAIN) {
                    fill(box.hue());
                } else {
                    attributes("fill", "url(#" + pattern(id, box.hue()) + ")");
                }
            }
            case Drawing.Frame frame -> {
                rectangle(frame.x(), frame.width(), frame.y() + 0.5, frame.height() - 1);
                attributes("fill", "none");
                stroke(frame.hue());
            }
            case Drawing.Grid grid -> across(grid.y(), "grid");
            case Drawing.Limit limit -> {
                xml.writeEmptyElement("line");
                attributes("x2", "100%", "y1", number(limit.y()), "y2", number(limit.y()));
                attributes("stroke-dasharray", "4 3");
                stroke(limit.hue());
            }
            case Drawing.Path path -> {
                stretched();
                xml.writeEmptyElement("path");
                attributes("d", "M" + points(path.spots()));
                lineStyle(path.hue());
                xml.writeEndElement();
            }
            case Drawing.Area area -> {
                List<Spot> around = new ArrayList<>(area.low());
                around.addAll(area.high().reversed());
                stretched();
                xml.writeEmptyElement("path");
                attributes("d", "M" + points(around) + "Z", "class", "band");
                xml.writeEndElement();
            }
            case Drawing.Dot dot -> {
                xml.writeEmptyElement("circle");
                attributes("cx", percent(dot.at().x()), "cy", number(dot.at().y()), "r", "2.5");
                fill(dot.hue());
            }
            case Drawing.Label label -> {
                String anchor =
                        switch (label.anchor()) {
                            case START -> "start";
                            case MIDDLE -> "middle";
                            case END, GUTTER -> "end";
                        };
                String x = label.anchor() == Drawing.Anchor.GUTTER ? "-8" : percent(label.x());
                element(
                        "text",
                        label.text(),
                        "x",
                        x,
                        "y",
                        number(label.y()),
                        "text-anchor",
                        anchor);
            }
        }
    }

    /// A part whose places across are thousandths of the width.
    private void stretched() throws XMLStreamException {
        xml.writeStartElement("svg");
        attributes("width", "100%", "height", "100", "viewBox", "0 0 1000 100");
        attributes("preserveAspectRatio", "none", "overflow", "visible");
    }

    private void rectangle(double x, double width, double y, double height)
            throws XMLStreamException {
        xml.writeEmptyElement("rect");
        attributes("x", percent(x), "width", percent(width), "y", number(y));
        attributes("height", number(height));
    }

    private void across(double y, String name) throws XMLStreamException {
        xml.writeEmptyElement("line");
        attributes("x2", "100%", "y1", number(y), "y2", number(y), "class", name);
    }

    @Override
    void fill(Hue hue) throws XMLStreamException {
        attributes("class", "f-" + hue.token());
    }

    @Override
    void stroke(Hue hue) throws XMLStreamException {
        attributes("class", "l-" + hue.token());
    }

    @Override
    void onHue(String property) throws XMLStreamException {
        attributes("class", property.equals("fill") ? "on-fill" : "on-line");
    }

    private static String points(List<Spot> spots) {
        return spots.stream()
                .map(spot -> number(spot.x() * SCALE) + " " + number(spot.y()))
                .collect(Collectors.joining("L"));
    }

    private static String percent(double share) {
        return number(share * 100) + "%";
    }
}
