package org.agentaudit.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import graphql.language.AbstractDescribedNode;
import graphql.language.AstPrinter;
import graphql.language.EnumTypeDefinition;
import graphql.language.FieldDefinition;
import graphql.language.InputObjectTypeDefinition;
import graphql.language.InputValueDefinition;
import graphql.language.NamedNode;
import graphql.language.Node;
import graphql.language.ObjectTypeDefinition;
import graphql.language.ScalarTypeDefinition;
import graphql.language.TypeDefinition;
import graphql.schema.idl.ScalarInfo;
import graphql.schema.idl.SchemaParser;
import graphql.schema.idl.TypeDefinitionRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// The schema that is served against the contract that clients are written against.
class SchemaContractTest {

    private final TypeDefinitionRegistry contract = parse("/golden/schema.graphqls");
    private final TypeDefinitionRegistry served = parse("/graphql/portal.graphqls");

    @Test
    void served_hasEverythingOfTheContract_unchanged() {
        assertThat(lines(served)).containsAll(lines(contract)).hasSizeGreaterThan(400);
    }

    @Test
    void rootFields_allSayWhoMayCallThem() {
        SortedSet<String> fields = new TreeSet<>();
        for (String root : List.of("Query", "Mutation", "Subscription")) {
            served
                    .getType(root, ObjectTypeDefinition.class)
                    .orElseThrow()
                    .getFieldDefinitions()
                    .stream()
                    .map(field -> root + "." + field.getName())
                    .forEach(fields::add);
        }
        assertThat(RootFieldAccess.fields()).containsExactlyInAnyOrderElementsOf(fields);
    }

    @Test
    void served_saysWhatEverythingMeans() {
        SortedSet<String> silent = new TreeSet<>();
        served.scalars().values().stream()
                .filter(scalar -> !ScalarInfo.isGraphqlSpecifiedScalar(scalar.getName()))
                .forEach(scalar -> silent(silent, scalar.getName(), scalar));
        for (TypeDefinition<?> type : served.types().values()) {
            String name = type.getName();
            silent(silent, name, (AbstractDescribedNode<?>) type);
            for (Node<?> child : type.getChildren()) {
                if (child instanceof AbstractDescribedNode<?> described) {
                    String at = name + "." + ((NamedNode<?>) described).getName();
                    silent(silent, at, described);
                    if (described instanceof FieldDefinition field) {
                        field.getInputValueDefinitions()
                                .forEach(
                                        argument ->
                                                silent(
                                                        silent,
                                                        at + "." + argument.getName(),
                                                        argument));
                    }
                }
            }
        }
        assertThat(silent).isEmpty();
    }

    private static void silent(SortedSet<String> silent, String name, AbstractDescribedNode<?> of) {
        if (of.getDescription() == null || of.getDescription().getContent().isBlank()) {
            silent.add(name);
        }
    }

    /// One line per type, enum value, field, argument and input member, with types and defaults.
    private static SortedSet<String> lines(TypeDefinitionRegistry schema) {
        SortedSet<String> lines = new TreeSet<>();
        schema.scalars().values().stream()
                .map(ScalarTypeDefinition::getName)
                .forEach(name -> lines.add("scalar " + name));
        for (TypeDefinition<?> type : schema.types().values()) {
            String name = type.getName();
            switch (type) {
                case ObjectTypeDefinition object ->
                        object.getFieldDefinitions().forEach(field -> add(lines, name, field));
                case InputObjectTypeDefinition input ->
                        input.getInputValueDefinitions()
                                .forEach(member -> lines.add("input " + name + "." + line(member)));
                case EnumTypeDefinition choice ->
                        choice.getEnumValueDefinitions()
                                .forEach(
                                        value -> lines.add("enum " + name + "." + value.getName()));
                default -> throw new AssertionError("a kind of type nobody compares: " + name);
            }
        }
        return lines;
    }

    private static void add(SortedSet<String> lines, String type, FieldDefinition field) {
        String at = "type " + type + "." + field.getName();
        lines.add(at + ": " + AstPrinter.printAst(field.getType()));
        field.getInputValueDefinitions()
                .forEach(argument -> lines.add(at + "(" + line(argument) + ")"));
    }

    private static String line(InputValueDefinition value) {
        String line = value.getName() + ": " + AstPrinter.printAst(value.getType());
        return value.getDefaultValue() == null
                ? line
                : line + " = " + AstPrinter.printAst(value.getDefaultValue());
    }

    private static TypeDefinitionRegistry parse(String resource) {
        try (InputStream stream =
                Objects.requireNonNull(SchemaContractTest.class.getResourceAsStream(resource))) {
            return new SchemaParser()
                    .parse(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
