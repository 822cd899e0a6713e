package org.agentaudit.ingest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.agentaudit.event.Redaction;
import org.agentaudit.event.SourceFormat;
import org.agentaudit.ingest.IngestResult.RejectedItem;
import org.agentaudit.ingest.jsonl.LineDecoder;
import org.agentaudit.ingest.normal.EventDraft;
import org.agentaudit.ingest.normal.EventIds;
import org.agentaudit.ingest.normal.RejectedException;
import org.agentaudit.ingest.otlp.Signal;
import org.agentaudit.ingest.otlp.SignalDecoder;
import org.agentaudit.ingest.otlp.StoredExports;
import org.agentaudit.ingest.redact.RedactionRules;
import org.agentaudit.ingest.redact.Redactor;
import org.agentaudit.store.QuarantineItem;
import org.jspecify.annotations.Nullable;

/// First half of the pipeline: bytes to drafts. One item after the other is read strictly,
/// redacted, identified and decoded; what cannot be understood is set aside and never stops its
/// neighbours.
final class BatchDecoder {
    /// Longest text of a quarantined item that is kept, in characters: longer ones are cut and
    /// cannot be tried again.
    private static final int MAX_QUARANTINED = 1 << 20;
    /// Longest id of a quarantined item that is kept, in characters.
    private static final int MAX_ID = 1_000;
    /// All signals of a request, in bytes. What is said once about many spans is part of each, so
    /// that a small request could take all memory.
    private static final long MAX_SIGNAL_BYTES = 1 << 27;

    private final byte[] body;
    private final byte[] readable;
    private final Source source;
    private final Instant receivedAt;
    private final int maxItems;
    private final RedactionRules rules;
    private final Minimiser minimiser;
    private final List<Pending> pending = new ArrayList<>();
    private final List<RejectedItem> rejected = new ArrayList<>();
    private final List<QuarantineItem> quarantined = new ArrayList<>();
    private final List<Held> held = new ArrayList<>();
    private int items;
    private int units;
    private long signalBytes;

    /// Where bytes come from and how they are to be read.
    ///
    /// @param origin    kept with what is quarantined
    /// @param lines     each non-empty line is an item
    /// @param format    the shape the caller names; null: recognised by content
    /// @param numbers   line numbers of the items, for files; null: items are counted from 0
    /// @param items     decodes them; knows what items before these have told
    @SuppressWarnings("ArrayRecordComponent") // made for one batch, never compared
    record Source(
            String origin,
            boolean lines,
            @Nullable SourceFormat format,
            long @Nullable [] numbers,
            ItemDecoder items) {

        /// Of a request, which stands for itself.
        Source(String origin, boolean lines, @Nullable SourceFormat format) {
            this(origin, lines, format, null, new ItemDecoder());
        }
    }

    /// An event of an item that was understood. An item may hold several, which follow each other
    /// and share its index.
    ///
    /// @param unit  tells items apart that share an index: the spans of one export
    /// @param from  where it starts in the body
    /// @param to    where it ends, exclusive
    /// @param tree  the item after redaction, when it is no part of the body by itself
    record Pending(
            long index,
            int unit,
            int from,
            int to,
            @Nullable JsonNode tree,
            EventDraft draft,
            UUID id,
            byte[] digest,
            List<Redaction> redactions) {}

    /// Items in the order sent, each in one of the first two lists; `quarantined` goes with
    /// `rejected`.
    record Decoded(
            List<Pending> pending, List<RejectedItem> rejected, List<QuarantineItem> quarantined) {

        /// Items that were understood, whatever number of events each holds.
        int items() {
            int items = 0;
            for (int i = 0; i < pending.size(); i++) {
                items += i == 0 || pending.get(i - 1).unit != pending.get(i).unit ? 1 : 0;
            }
            return items;
        }
    }

    /// @param maxItems more are refused as a whole
    BatchDecoder(
            byte[] body,
            Source source,
            Instant receivedAt,
            int maxItems,
            RedactionRules rules,
            Minimiser minimiser) {
        this.body = LoneSurrogates.writtenOutInNames(body, source.lines);
        this.readable = DeepNesting.without(this.body, source.lines, ItemReader.MAX_PARSER_DEPTH);
        this.source = source;
        this.receivedAt = receivedAt;
        this.maxItems = maxItems;
        this.rules = rules;
        this.minimiser = minimiser;
    }

    /// @throws BadBodyException      when the body as a whole is no JSON
    /// @throws BodyTooLargeException when it holds too many items
    Decoded decode() {
        if (source.lines) {
            lines();
        } else {
            document();
        }
        return decoded();
    }

    /// The same for the signals of an OTLP request, which are its items.
    ///
    /// @param reader hands on one after the other, so that no more than the limit are ever made
    Decoded decode(Consumer<Consumer<Signal>> reader) {
        reader.accept(signal -> hold(signal, count()));
        return decoded();
    }

    private Decoded decoded() {
        signals();
        return new Decoded(pending, rejected, quarantined);
    }

    /// Takes the body as one item of quarantine: the text of an item, whatever it holds, or a
    /// signal as it was set aside. Spans that came with the signal are not looked at again.
    Decoded decodeItem() {
        ObjectNode signal = source.format == SourceFormat.OTLP ? signal() : null;
        if (signal == null) {
            line(0, body.length);
        } else {
            hold(new Signal(signal, null), count());
        }
        return decoded();
    }

    private @Nullable ObjectNode signal() {
        try (JsonParser parser = parser(0, body.length)) {
            parser.nextToken();
            ItemReader.Item item = ItemReader.read(parser);
            boolean tree = item.fault() == null && SignalDecoder.isTree(item.value());
            return tree ? (ObjectNode) item.value() : null;
        } catch (JsonProcessingException e) {
            return null; // refused with its reason as the text it is
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory failed", e);
        }
    }

    Instant receivedAt() {
        return receivedAt;
    }

    /// An item that was understood and still cannot be kept as an event.
    QuarantineItem quarantine(Pending item, String reason) {
        String id = item.draft.id;
        return quarantineItem(
                item.index,
                id == null ? null : cut(id, MAX_ID),
                reason,
                redactedText(item),
                true,
                item.tree == null ? source.format : SourceFormat.OTLP);
    }

    private QuarantineItem quarantineItem(
            long index,
            @Nullable String id,
            String reason,
            String text,
            boolean complete,
            @Nullable SourceFormat format) {
        return new QuarantineItem(
                receivedAt,
                source.origin,
                index,
                id,
                reason,
                kept(text),
                complete && text.length() <= MAX_QUARANTINED,
                format);
    }

    private String redactedText(Pending item) {
        if (item.tree != null) {
            return item.tree.toString();
        }
        try (JsonParser parser = parser(item.from, item.to)) {
            parser.nextToken();
            return new Redactor(rules).rewrite(ItemReader.read(parser).value()).toString();
        } catch (IOException e) {
            throw new UncheckedIOException("an item that was read once cannot be read again", e);
        }
    }

    private void document() {
        int fault = Utf8.firstFault(body, 0, body.length);
        if (fault >= 0) {
            throw new BadBodyException(
                    "byte " + fault + " is not UTF-8: send the body as UTF-8 JSON");
        }
        try (JsonParser parser = parser(0, body.length)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw new BadBodyException("the body is empty: send one event or an array of them");
            }
            if (first == JsonToken.START_ARRAY) {
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    next(parser);
                }
            } else {
                next(parser);
            }
            if (parser.nextToken() != null) {
                throw new BadBodyException(
                        "text after the JSON value at "
                                + at(parser)
                                + ": send one value, or lines as application/x-ndjson");
            }
        } catch (JsonProcessingException e) {
            throw new BadBodyException(
                    "the body is not JSON: " + e.getOriginalMessage() + where(e));
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory failed", e);
        }
    }

    private void lines() {
        if (source.numbers == null) {
            source.items.lookAhead(body); // a file's lines are looked at by who reads the file
        }
        int from = 0;
        if (startsWithByteOrderMark()) {
            from = 3;
        }
        boolean any = false;
        while (from < body.length) {
            int end = from;
            while (end < body.length && body[end] != '\n') {
                end++;
            }
            if (!isBlank(from, end)) {
                any = true;
                line(from, end);
            }
            from = end + 1;
        }
        if (!any) {
            throw new BadBodyException("the body is empty: send one event per line");
        }
    }

    private void line(int from, int to) {
        long index = count();
        int fault = Utf8.firstFault(body, from, to);
        if (fault >= 0) {
            String reason = "byte " + (fault - from) + " of the line is not UTF-8";
            refuse(index, null, reason, text(from, to), false);
            return;
        }
        try (JsonParser parser = parser(from, to)) {
            parser.nextToken();
            ItemReader.Item item = ItemReader.read(parser);
            if (parser.nextToken() != null) {
                refuseText(from, to, index, "text after the JSON value: send one event per line");
                return;
            }
            item(item, from, to, index);
        } catch (JsonProcessingException e) {
            refuseText(from, to, index, "not JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory failed", e);
        }
    }

    private void next(JsonParser parser) throws IOException {
        long index = count();
        int from = (int) parser.currentTokenLocation().getByteOffset();
        ItemReader.Item item = ItemReader.read(parser);
        int to = (int) parser.currentLocation().getByteOffset();
        item(item, from, to, index);
    }

    /// Counts one more item and gives its number.
    private long count() {
        if (items == maxItems) {
            throw new BodyTooLargeException(
                    "more than " + maxItems + " events: send them in several requests");
        }
        long[] numbers = source.numbers;
        long index = numbers == null ? items : numbers[items];
        items++;
        return index;
    }

    private void item(ItemReader.Item item, int from, int to, long index) {
        if ((source.format == null || source.format == SourceFormat.OTLP)
                && export(item.value(), from, to, index)) {
            return;
        }
        if (item.fault() != null) {
            refuse(index, LineDecoder.idOf(item.value()), item.fault(), text(from, to), true);
            return;
        }
        Redactor redactor = new Redactor(rules);
        JsonNode line = redactor.rewrite(item.value());
        try {
            byte[] canonical = CanonicalJson.bytes(line);
            List<Redaction> redactions = new ArrayList<>(redactor.redactions());
            item.repeated().stream().map(BatchDecoder::storable).forEach(redactions::add);
            List<EventDraft> drafts = source.items.decode(line, source.format, receivedAt);
            List<List<Redaction>> places = drafts.stream().map(minimiser::minimise).toList();
            if (to - from > TextShortener.MAX_TEXT) {
                TextShortener shortener = new TextShortener();
                line = shortener.rewrite(line);
                redactions.addAll(shortener.redactions());
                drafts.forEach(TextShortener::shorten);
            }
            add(new Place(index, units++, from, to, null), drafts, canonical, redactions, places);
        } catch (RejectedException e) {
            refuse(index, LineDecoder.idOf(line), e.reason(), line.toString(), true);
        }
    }

    /// Takes the signals of an export that some tool stored.
    ///
    /// @return whether the item is one
    private boolean export(JsonNode item, int from, int to, long index) {
        int before = units;
        try {
            boolean export =
                    StoredExports.read(item, ItemReader::textAsJson, signal -> hold(signal, index));
            if (export && units == before) {
                refuseText(from, to, index, "this export holds no span and no log record");
            }
            return export;
        } catch (RejectedException e) {
            refuseText(from, to, index, e.reason());
            return true;
        }
    }

    private record Place(long index, int unit, int from, int to, @Nullable JsonNode tree) {}

    /// @param redactions of the item, told by its first event
    /// @param minimised  of each event
    private void add(
            Place place,
            List<EventDraft> drafts,
            byte[] canonical,
            List<Redaction> redactions,
            List<List<Redaction>> minimised) {
        for (int i = 0; i < drafts.size(); i++) {
            EventDraft draft = drafts.get(i);
            List<Redaction> changes = new ArrayList<>(i == 0 ? redactions : List.of());
            changes.addAll(minimised.get(i));
            Identity identity = identity(draft, canonical, i);
            pending.add(
                    new Pending(
                            place.index,
                            place.unit,
                            place.from,
                            place.to,
                            place.tree,
                            draft,
                            identity.id,
                            identity.digest,
                            changes));
        }
    }

    /// A signal after redaction: spans are decoded when all of the batch are known.
    @SuppressWarnings("ArrayRecordComponent") // made for one batch, never compared
    private record Held(
            long index, ObjectNode tree, byte[] canonical, List<Redaction> redactions) {}

    private void hold(Signal signal, long index) {
        if (units++ >= maxItems) {
            throw new BodyTooLargeException(
                    "more than " + maxItems + " spans: send them in several requests");
        }
        Redactor redactor = new Redactor(rules);
        ObjectNode tree = (ObjectNode) redactor.rewrite(signal.tree());
        if (signal.fault() != null) {
            refuseSignal(index, tree, signal.fault(), false); // what was at fault is gone
            return;
        }
        byte[] canonical = CanonicalJson.bytes(tree);
        signalBytes += canonical.length;
        if (source.numbers == null && signalBytes > MAX_SIGNAL_BYTES) {
            throw new BodyTooLargeException(
                    "spans and what stands around each of them come to more than "
                            + MAX_SIGNAL_BYTES
                            + " bytes: send them in several requests");
        }
        List<Redaction> redactions = new ArrayList<>(redactor.redactions());
        if (canonical.length > TextShortener.MAX_TEXT) {
            TextShortener shortener = new TextShortener();
            tree = (ObjectNode) shortener.rewrite(tree);
            redactions.addAll(shortener.redactions());
        }
        held.add(new Held(index, tree, canonical, redactions));
    }

    private void signals() {
        SignalDecoder decoder =
                new SignalDecoder(held.stream().map(Held::tree).toList(), receivedAt);
        for (Held item : held) {
            try {
                List<EventDraft> drafts = decoder.decode(item.tree);
                List<List<Redaction>> places = drafts.stream().map(minimiser::minimise).toList();
                add(
                        new Place(item.index, units++, 0, 0, item.tree),
                        drafts,
                        item.canonical,
                        item.redactions,
                        places);
            } catch (RejectedException e) {
                refuseSignal(item.index, item.tree, e.reason(), true);
            }
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // taken apart at once, never compared
    private record Identity(UUID id, byte[] digest) {}

    /// @param part place among the events of one item: events without an id are told apart by it
    private static Identity identity(EventDraft draft, byte[] canonical, int part) {
        String name = draft.identity;
        if (name != null) {
            return new Identity(
                    EventIds.fromText(name),
                    EventIds.sha256(name.getBytes(StandardCharsets.UTF_8)));
        }
        byte[] digest = EventIds.sha256(canonical);
        String sent = draft.id;
        if (sent != null) {
            return new Identity(EventIds.fromText(sent), digest);
        }
        if (part == 0) {
            return new Identity(EventIds.nameBased(canonical), digest);
        }
        byte[] numbered = Arrays.copyOf(canonical, canonical.length + Integer.BYTES);
        ByteBuffer.wrap(numbered).putInt(canonical.length, part);
        return new Identity(EventIds.nameBased(numbered), digest);
    }

    private static Redaction storable(Redaction place) {
        return new Redaction(Redactor.storable(place.pointer()), place.detector());
    }

    private void refuseText(int from, int to, long index, String reason) {
        refuse(index, null, reason, text(from, to), true);
    }

    private String text(int from, int to) {
        return Redactor.redactText(
                rules, new String(body, from, to - from, StandardCharsets.UTF_8));
    }

    /// Quarantine keeps a signal as the tree that every form of OTLP becomes.
    private void refuseSignal(
            long index, ObjectNode tree, @Nullable String reason, boolean complete) {
        refuse(
                index,
                SignalDecoder.idOf(tree),
                reason,
                tree.toString(),
                complete,
                SourceFormat.OTLP);
    }

    private void refuse(
            long index,
            @Nullable String id,
            @Nullable String reason,
            String text,
            boolean complete) {
        refuse(index, id, reason, text, complete, source.format);
    }

    /// @param id       before redaction was possible, so it goes through it here
    /// @param text     after redaction
    /// @param complete whether `text` says all that the item did
    /// @param format   how `text` is to be read when it is tried again; null: by content
    private void refuse(
            long index,
            @Nullable String id,
            @Nullable String reason,
            String text,
            boolean complete,
            @Nullable SourceFormat format) {
        String clean = id == null ? null : cut(Redactor.redactText(rules, id), MAX_ID);
        String why = Redactor.redactText(rules, reason == null ? "not understood" : reason);
        rejected.add(new RejectedItem(index, clean, why));
        quarantined.add(quarantineItem(index, clean, why, text, complete, format));
    }

    /// What quarantine keeps of an item.
    static String kept(String text) {
        return cut(text, MAX_QUARANTINED);
    }

    private static String cut(String text, int length) {
        if (text.length() <= length) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length;
        return text.substring(0, end) + "… [" + (text.length() - end) + " characters left out]";
    }

    private JsonParser parser(int from, int to) throws IOException {
        return ItemReader.JSON.createParser(readable, from, to - from);
    }

    private boolean startsWithByteOrderMark() {
        return body.length >= 3
                && body[0] == (byte) 0xEF
                && body[1] == (byte) 0xBB
                && body[2] == (byte) 0xBF;
    }

    private boolean isBlank(int from, int to) {
        for (int i = from; i < to; i++) {
            if (body[i] != ' ' && body[i] != '\t' && body[i] != '\r') {
                return false;
            }
        }
        return true;
    }

    private static String at(JsonParser parser) {
        var location = parser.currentTokenLocation();
        return "line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    private static String where(JsonProcessingException e) {
        var location = e.getLocation();
        return location == null
                ? ""
                : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
    }
}
