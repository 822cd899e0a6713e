package org.agentaudit.pricing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// A file of prices: a JSON array of objects with `model`, `provider`, `inputPerMTok` and
/// `outputPerMTok` in US dollars per million tokens, and as one likes `cacheReadPerMTok`,
/// `matchPrefixes` (other names) and `asOf` (ISO date). Other members are not looked at.
///
/// @param prices  in file order, at least one
/// @param version for people: name, number of prices, latest `asOf`, start of the SHA-256
record PriceFile(List<ModelPrice> prices, String version) {
    private static final String RESOURCE = "model-prices.json";
    private static final int MAX_BYTES = 1 << 24;
    private static final int SHOWN_DIGITS = 12;

    /// US dollars per million tokens.
    private static final BigDecimal HIGHEST = BigDecimal.valueOf(1_000_000);

    private static final int MAX_SCALE = 12;
    private static final ObjectMapper JSON =
            new ObjectMapper()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    PriceFile {
        prices = List.copyOf(prices);
    }

    /// The prices that come with the portal.
    static PriceFile builtIn() {
        try (InputStream in = PriceFile.class.getResourceAsStream("/pricing/" + RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("missing resource " + RESOURCE);
            }
            return of(in.readAllBytes(), RESOURCE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + RESOURCE, e);
        }
    }

    /// @throws IllegalArgumentException when the file cannot be read or is no list of prices; the
    ///     message is one line and says where
    static PriceFile read(String file) {
        try {
            Path path = Path.of(file);
            if (!Files.isRegularFile(path)) {
                throw new IllegalArgumentException("'%s' is no file.".formatted(file));
            }
            if (Files.size(path) > MAX_BYTES) {
                throw new IllegalArgumentException(
                        "'%s' has more than %d bytes.".formatted(file, MAX_BYTES));
            }
            return of(Files.readAllBytes(path), path.getFileName().toString());
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("it names no file.", e);
        } catch (IOException e) {
            throw new IllegalArgumentException("'%s' cannot be read.".formatted(file), e);
        }
    }

    private static PriceFile of(byte[] bytes, String name) throws IOException {
        JsonNode rows;
        try {
            rows = JSON.readTree(bytes);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "'%s' is no JSON: see line %d."
                            .formatted(
                                    name,
                                    e.getLocation() == null ? 1 : e.getLocation().getLineNr()),
                    e);
        }
        if (!rows.isArray() || rows.isEmpty()) {
            throw new IllegalArgumentException(
                    "'%s' must hold a JSON array of prices.".formatted(name));
        }
        List<ModelPrice> prices = new ArrayList<>();
        String latest = "";
        for (JsonNode row : rows) {
            prices.add(new Entry(row, name, prices.size() + 1).price());
            String asOf = row.path("asOf").asText();
            latest = asOf.compareTo(latest) > 0 ? asOf : latest;
        }
        return new PriceFile(
                prices,
                "%s, %d prices%s, SHA-256 %s"
                        .formatted(
                                name,
                                prices.size(),
                                latest.isEmpty() ? "" : ", checked up to " + latest,
                                digest(bytes)));
    }

    private static String digest(byte[] bytes) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes))
                    .substring(0, SHOWN_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /// One element of the array.
    private record Entry(JsonNode row, String file, int number) {

        ModelPrice price() {
            List<String> names = new ArrayList<>();
            names.add(text("model"));
            JsonNode others = row.path("matchPrefixes");
            if (!others.isMissingNode() && !others.isNull() && !others.isArray()) {
                throw wrong("matchPrefixes", "a list of names");
            }
            for (JsonNode other : others) {
                if (!other.isTextual() || other.asText().isBlank()) {
                    throw wrong("matchPrefixes", "a list of names");
                }
                names.add(other.asText());
            }
            JsonNode cacheRead = row.path("cacheReadPerMTok");
            return new ModelPrice(
                    text("model"),
                    text("provider"),
                    names,
                    dollars("inputPerMTok"),
                    dollars("outputPerMTok"),
                    cacheRead.isMissingNode() || cacheRead.isNull()
                            ? null
                            : dollars("cacheReadPerMTok"));
        }

        private String text(String member) {
            JsonNode value = row.path(member);
            if (!value.isTextual() || value.asText().isBlank()) {
                throw wrong(member, "a name");
            }
            return value.asText();
        }

        private BigDecimal dollars(String member) {
            JsonNode value = row.path(member);
            if (!value.isNumber()) {
                throw wrong(member, "a number");
            }
            BigDecimal dollars = value.decimalValue();
            if (dollars.signum() < 0
                    || dollars.compareTo(HIGHEST) > 0
                    || dollars.scale() > MAX_SCALE
                    || dollars.scale() < -MAX_SCALE) {
                throw wrong(member, "0 to 1,000,000 with at most 12 decimal places");
            }
            return dollars;
        }

        private IllegalArgumentException wrong(String member, String expected) {
            return new IllegalArgumentException(
                    "in '%s', '%s' of entry %d must be %s."
                            .formatted(file, member, number, expected));
        }
    }
}
