package org.agentaudit.chart;

import java.util.Set;
import java.util.TreeSet;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.agentaudit.chart.Hue.Texture;

/// Writes a drawing; how it is painted differs by theme.
abstract class SvgWriter {

    private static final double STROKE = 1.6;

    final XMLStreamWriter xml;
    final String id;

    SvgWriter(XMLStreamWriter xml, String id) {
        this.xml = xml;
        this.id = id;
    }

    abstract void chart(Chart chart, Drawing drawing, String title, String sentence)
            throws XMLStreamException;

    abstract void paint(Drawing.Mark mark) throws XMLStreamException;

    /// Attributes that paint in a hue.
    abstract void fill(Hue hue) throws XMLStreamException;

    abstract void stroke(Hue hue) throws XMLStreamException;

    /// What the texture is drawn with.
    abstract void onHue(String property) throws XMLStreamException;

    final void marks(Drawing drawing) throws XMLStreamException {
        for (Drawing.Mark mark : drawing.marks()) {
            paint(mark);
        }
    }

    final void titles(String title, String sentence) throws XMLStreamException {
        element("title", title, "id", id + "-title");
        element("desc", sentence, "id", id + "-desc");
    }

    /// One pattern for each texture that occurs.
    final void patterns(Chart chart, Drawing drawing) throws XMLStreamException {
        Set<Hue> textured = new TreeSet<>();
        for (Drawing.Mark mark : drawing.marks()) {
            if (mark instanceof Drawing.Box box
                    && box.level() == 0
                    && box.hue().texture() != Texture.PLAIN) {
                textured.add(box.hue());
            }
        }
        for (Chart.Key key : chart.keys()) {
            if (key.hue().texture() != Texture.PLAIN) {
                textured.add(key.hue());
            }
        }
        if (textured.isEmpty()) {
            return;
        }
        xml.writeStartElement("defs");
        for (Hue hue : textured) {
            pattern(hue);
        }
        xml.writeEndElement();
    }

    private void pattern(Hue hue) throws XMLStreamException {
        xml.writeStartElement("pattern");
        attributes("id", pattern(id, hue), "width", "6", "height", "6");
        attributes("patternUnits", "userSpaceOnUse");
        xml.writeEmptyElement("rect");
        attributes("width", "6", "height", "6");
        fill(hue);
        if (hue.texture() == Texture.DOTS) {
            for (String at : new String[] {"1.5", "4.5"}) {
                xml.writeEmptyElement("circle");
                attributes("cx", at, "cy", at, "r", "0.9");
                onHue("fill");
            }
        } else {
            xml.writeEmptyElement("path");
            attributes(
                    "d",
                    hue.texture() == Texture.HATCH
                            ? "M-1 7L7 -1M-1 1L1 -1M5 7L7 5"
                            : "M0 1.5H6M0 4.5H6",
                    "stroke-width",
                    "1");
            onHue("stroke");
        }
        xml.writeEndElement();
    }

    static String pattern(String id, Hue hue) {
        return id + "-" + hue.token();
    }

    final void element(String name, String text, String... attributes) throws XMLStreamException {
        xml.writeStartElement(name);
        attributes(attributes);
        xml.writeCharacters(text);
        xml.writeEndElement();
    }

    final void attributes(String... namesAndValues) throws XMLStreamException {
        for (int i = 0; i < namesAndValues.length; i += 2) {
            xml.writeAttribute(namesAndValues[i], namesAndValues[i + 1]);
        }
    }

    final void lineStyle(Hue hue) throws XMLStreamException {
        attributes("fill", "none", "stroke-width", Double.toString(STROKE));
        attributes("stroke-linejoin", "round", "vector-effect", "non-scaling-stroke");
        if (!hue.dash().isEmpty()) {
            attributes("stroke-dasharray", hue.dash());
        }
        stroke(hue);
    }

    static String number(double value) {
        return Outlines.number(value);
    }
}
