package org.agentaudit.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class ChartSvgTest {

    private static final List<String> HOSTILE =
            List.of(
                    "<script>alert(1)</script>",
                    "\"/><image href=\"https://example.org/x.png\"/>",
                    "]]> &amp; <!-- &#0; \u0000\u0007\uFFFE",
                    "A".repeat(10_000),
                    "\u202Eمرحبا بالعالم\u202C עברית",
                    "😀👩‍👩‍👧 \uD800 lone",
                    "漢字かな交じり文",
                    "");

    @ParameterizedTest
    @EnumSource(Kind.class)
    void hostileTexts_stayTexts(Kind kind) throws Exception {
        List<Point> points =
                HOSTILE.stream()
                        .map(text -> Point.of(text.length(), text, "/events?q=" + text))
                        .toList();
        Chart chart =
                Chart.of(
                                kind,
                                HOSTILE.getFirst(),
                                HOSTILE.get(1),
                                Axis.COUNT,
                                HOSTILE.get(2),
                                HOSTILE,
                                List.of(
                                        new Series(HOSTILE.get(0), Hue.ONE, points),
                                        new Series(HOSTILE.get(3), Hue.FAILED, points)))
                        .with(new Threshold(3, HOSTILE.get(2), Hue.WARNING));
        for (Theme theme : Theme.values()) {
            String svg = ChartSvg.render(chart, theme);
            Document parsed = parsed(svg);
            assertThat(names(parsed))
                    .isSubsetOf(
                            "svg", "g", "a", "title", "desc", "defs", "pattern", "rect", "line",
                            "path", "circle", "text");
            assertThat(svg).hasSizeLessThan(400_000);
            assertThat(parsed.getElementsByTagName("title").item(0).getTextContent())
                    .isEqualTo(HOSTILE.getFirst());
        }
        assertThat(ChartPng.of(chart).png()).isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void whateverTheValues_everyPlaceIsANumber(Kind kind) throws Exception {
        List<List<@Nullable Double>> cases =
                List.of(
                        List.of(),
                        List.of(0.0),
                        List.of(0.0, 0.0, 0.0),
                        List.of(5.0),
                        Collections.singletonList(null),
                        values(null, 1.0, null, 2.0),
                        List.of(Double.MAX_VALUE, -Double.MAX_VALUE, 1.0),
                        List.of(1e308, 1e308),
                        List.of(Double.MIN_VALUE),
                        List.of(Double.NaN, Double.POSITIVE_INFINITY, 3.0));
        for (List<@Nullable Double> values : cases) {
            for (Axis axis : Axis.values()) {
                Chart chart = chart(kind, axis, values, values);
                for (Theme theme : Theme.values()) {
                    String svg = ChartSvg.render(chart, theme);
                    parsed(svg);
                    assertThat(svg)
                            .as("%s %s %s", kind, axis, values)
                            .doesNotContain("NaN", "Infinity");
                    assertThat(svg).doesNotContainPattern("(width|height)=\"-");
                }
            }
        }
    }

    @Test
    void aGap_isNotDrawnAsZero() {
        Chart gap = chart(Kind.LINES, Axis.COUNT, values(4.0, 4.0, null, 4.0, 4.0));
        Chart zero = chart(Kind.LINES, Axis.COUNT, values(4.0, 4.0, 0.0, 4.0, 4.0));
        assertThat(lines(gap)).isEqualTo(2);
        assertThat(lines(zero)).isEqualTo(1);
        assertThat(chart(Kind.BARS, Axis.COUNT, values(null, null)).empty()).isTrue();
        assertThat(chart(Kind.BARS, Axis.COUNT, values(0.0, null)).empty()).isFalse();
        assertThat(gap.rows().get(2).cells().getFirst().label()).isEqualTo("no data");
    }

    @Test
    void bars_areAsHighAsTheirValues() throws Exception {
        Chart chart = chart(Kind.BARS, Axis.COUNT, values(10.0, 20.0, 30.0));
        List<Double> heights = new ArrayList<>();
        NodeList boxes = parsed(ChartSvg.render(chart, Theme.PRINT)).getElementsByTagName("rect");
        for (int i = 0; i < boxes.getLength(); i++) {
            heights.add(Double.parseDouble(((Element) boxes.item(i)).getAttribute("height")));
        }
        assertThat(heights).hasSize(3);
        assertThat(heights.get(1)).isBetween(2 * heights.get(0) - 0.02, 2 * heights.get(0) + 0.02);
        assertThat(heights.get(2)).isBetween(3 * heights.get(0) - 0.02, 3 * heights.get(0) + 0.02);
    }

    @Test
    void print_needsNothingFromOutside() {
        for (Kind kind : Kind.values()) {
            Chart chart = chart(kind, Axis.COUNT, values(1.0, null, 3.0), values(2.0, 2.0, 2.0));
            for (Theme theme : List.of(Theme.PRINT, Theme.MAIL)) {
                assertThat(ChartSvg.render(chart, theme))
                        .doesNotContain("class=", "style", "var(", "currentColor", "<text", "<use")
                        .doesNotContain("href", "foreignObject", "filter", "font");
            }
        }
    }

    @Test
    void screen_isReadAsOnePicture_andLeadsToEvidenceByMouse() throws Exception {
        Chart chart = chart(Kind.STACKED, Axis.COUNT, values(1.0, 2.0), values(3.0, 4.0));
        Document svg = parsed(ChartSvg.render(chart, Theme.SCREEN));
        Element picture = (Element) svg.getElementsByTagName("g").item(0);
        assertThat(picture.getAttribute("role")).isEqualTo("img");
        for (String id : picture.getAttribute("aria-labelledby").split(" ")) {
            assertThat(ids(svg)).contains(id);
        }
        NodeList links = svg.getElementsByTagName("a");
        assertThat(links.getLength()).isEqualTo(2);
        Element link = (Element) links.item(1);
        assertThat(link.getAttribute("href")).isEqualTo("/e?n=1");
        assertThat(link.getAttribute("tabindex")).isEqualTo("-1");
        assertThat(link.getElementsByTagName("title").item(0).getTextContent())
                .isEqualTo("c1: s0 v1, s1 v1");
        assertThat(((Element) link.getParentNode()).getAttribute("aria-hidden")).isEqualTo("true");
    }

    @Test
    void ids_areUniqueBetweenCharts_andTheSameChartIsTheSameText() throws Exception {
        Chart one = chart(Kind.STACKED, Axis.COUNT, values(1.0, 2.0), values(3.0, 4.0));
        Chart other = chart(Kind.BARS, Axis.COUNT, values(1.0, 2.0), values(3.0, 4.0));
        Set<String> all = new HashSet<>(ids(parsed(ChartSvg.render(one, Theme.SCREEN))));
        assertThat(all)
                .doesNotContainAnyElementsOf(ids(parsed(ChartSvg.render(other, Theme.SCREEN))));
        assertThat(ChartSvg.render(one, Theme.SCREEN))
                .isEqualTo(ChartSvg.render(one, Theme.SCREEN));
    }

    @Test
    void ticks_areRoundNumbers() {
        assertThat(Ticks.of(0, 47, Axis.COUNT).steps()).containsExactly(0.0, 20.0, 40.0, 60.0);
        assertThat(Ticks.of(0, 1, Axis.COUNT).steps()).containsExactly(0.0, 1.0);
        assertThat(Ticks.of(0, 0, Axis.SHARE).steps()).contains(0.0, 1.0);
        assertThat(Ticks.of(0, 100_000, Axis.DURATION).steps()).contains(60_000.0, 120_000.0);
        assertThat(Ticks.of(-3, 4, Axis.COUNT).steps()).contains(0.0);
        assertThat(
                        Stream.of(0.0, 1500.0, 20_000.0, 3e6, 1e300)
                                .map(v -> Ticks.label(v, Axis.COUNT)))
                .containsExactly("0", "1500", "20\u00A0k", "3\u00A0M", "1.0e300");
        assertThat(Ticks.label(0.4, Axis.SHARE)).isEqualTo("40\u00A0%");
        assertThat(Ticks.label(0.05, Axis.MONEY)).isEqualTo("$0.05");
        assertThat(Stream.of(250.0, 1500.0, 180_000.0).map(v -> Ticks.label(v, Axis.DURATION)))
                .containsExactly("250\u00A0ms", "1.5\u00A0s", "3\u00A0min");
    }

    @Test
    void png_isNotBlank_andTwiceAsFineAsItIsShown() throws IOException {
        for (Kind kind : Kind.values()) {
            ChartPng png = ChartPng.of(chart(kind, Axis.COUNT, values(1.0, 5.0, 3.0, 4.0)));
            var image = javax.imageio.ImageIO.read(new java.io.ByteArrayInputStream(png.png()));
            assertThat(image.getWidth()).isEqualTo(2 * png.width());
            assertThat(image.getHeight()).isEqualTo(2 * png.height());
            long painted =
                    IntStream.range(0, image.getWidth() * image.getHeight())
                            .filter(
                                    i ->
                                            (image.getRGB(
                                                                    i % image.getWidth(),
                                                                    i / image.getWidth())
                                                            & 0xFFFFFF)
                                                    != 0xFFFFFF)
                            .count();
            assertThat(painted).as(kind.name()).isGreaterThan(200);
        }
    }

    /// The style sheet holds the same colours for light pages.
    @Test
    void colours_areThoseOfThePages() throws IOException {
        String css =
                Files.readString(
                        Path.of(System.getProperty("basedir", "."))
                                .resolve("../web-templates/src/main/resources/static/app.css"));
        for (Hue hue : Hue.values()) {
            String token = hue == Hue.NONE ? "edge" : hue.token();
            Matcher light = Pattern.compile("--" + token + ": light-dark\\((#\\w+),").matcher(css);
            assertThat(light.find()).as(token).isTrue();
            assertThat(light.group(1)).as(token).isEqualTo(hue.hex());
            assertThat(css).contains(".f-" + hue.token() + " {", ".l-" + hue.token() + " {");
        }
    }

    @Test
    void aSeriesThatDoesNotFit_isRefused() {
        List<Series> series = List.of(new Series("a", Hue.ONE, List.of(Point.gap("no data"))));
        assertThatThrownBy(() -> Chart.of(Kind.BARS, "t", "s", Axis.COUNT, "c", List.of(), series))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @SafeVarargs
    private static Chart chart(Kind kind, Axis axis, List<@Nullable Double>... values) {
        List<Series> series = new ArrayList<>();
        for (int s = 0; s < values.length; s++) {
            List<Point> points = new ArrayList<>();
            for (int i = 0; i < values[s].size(); i++) {
                Double value = values[s].get(i);
                points.add(
                        value == null
                                ? Point.gap("no data")
                                : Point.of(value, "v" + i, "/e?n=" + i));
            }
            series.add(new Series("s" + s, s == 0 ? Hue.ONE : Hue.FAILED, points));
        }
        List<String> categories =
                IntStream.range(0, values[0].size()).mapToObj(i -> "c" + i).toList();
        return Chart.of(kind, "title", "sentence", axis, "category", categories, series);
    }

    private static List<@Nullable Double> values(@Nullable Double... values) {
        return Collections.unmodifiableList(new ArrayList<>(java.util.Arrays.asList(values)));
    }

    private static long lines(Chart chart) {
        return Pattern.compile("stroke-linejoin")
                .matcher(ChartSvg.render(chart, Theme.PRINT))
                .results()
                .count();
    }

    private static Document parsed(String svg) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        return factory.newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }

    private static Set<String> names(Document svg) {
        Set<String> names = new HashSet<>();
        NodeList all = svg.getElementsByTagName("*");
        for (int i = 0; i < all.getLength(); i++) {
            names.add(all.item(i).getNodeName());
        }
        return names;
    }

    private static List<String> ids(Document svg) {
        List<String> ids = new ArrayList<>();
        NodeList all = svg.getElementsByTagName("*");
        for (int i = 0; i < all.getLength(); i++) {
            String id = ((Element) all.item(i)).getAttribute("id");
            if (!id.isEmpty()) {
                ids.add(id);
            }
        }
        assertThat(ids).doesNotHaveDuplicates();
        return ids;
    }
}
