package org.agentaudit.graphql;

import graphql.language.FieldDefinition;
import graphql.language.ObjectTypeDefinition;
import graphql.schema.DataFetcher;
import graphql.schema.DataFetchingEnvironment;
import graphql.schema.FieldCoordinates;
import graphql.schema.GraphQLCodeRegistry;
import graphql.schema.GraphQLFieldDefinition;
import graphql.schema.LightDataFetcher;
import graphql.schema.idl.TypeDefinitionRegistry;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.agentaudit.access.AccessDeniedException;
import org.jspecify.annotations.Nullable;

/// Who answers which field. A field of the schema that nobody answers is NOT_IMPLEMENTED, never
/// silently null.
final class FieldRegistry {
    private final Map<FieldCoordinates, DataFetcher<?>> fetchers = new HashMap<>();
    private final Map<String, Class<?>> records = new HashMap<>();
    private final SortedSet<String> notImplemented = new TreeSet<>();

    /// A fetcher for one field.
    void field(String type, String field, DataFetcher<?> fetcher) {
        if (fetchers.putIfAbsent(FieldCoordinates.coordinates(type, field), fetcher) != null) {
            throw new IllegalStateException(type + "." + field + " is registered twice");
        }
    }

    /// A field that is worked out from its source object alone.
    <S> void value(String type, String field, Class<S> source, Value<S> value) {
        field(type, field, new Light(object -> value.of(source.cast(object))));
    }

    /// Fields of `type` without a fetcher are read from accessors of the same name.
    void record(String type, Class<?> source) {
        if (records.putIfAbsent(type, source) != null) {
            throw new IllegalStateException(type + " is registered twice");
        }
    }

    /// `Type.field` of everything that answers NOT_IMPLEMENTED and can be asked for; fields of
    /// types that are reached only through such fields are not listed.
    SortedSet<String> notImplemented() {
        return new TreeSet<>(notImplemented);
    }

    /// Gives every field of the schema its fetcher.
    ///
    /// @throws IllegalStateException for a registration the schema does not know
    GraphQLCodeRegistry build(TypeDefinitionRegistry schema) {
        GraphQLCodeRegistry.Builder code = GraphQLCodeRegistry.newCodeRegistry();
        Set<FieldCoordinates> unknown = new HashSet<>(fetchers.keySet());
        Set<String> unknownTypes = new HashSet<>(records.keySet());
        for (ObjectTypeDefinition type : schema.getTypes(ObjectTypeDefinition.class)) {
            unknownTypes.remove(type.getName());
            for (FieldDefinition field : type.getFieldDefinitions()) {
                FieldCoordinates at = FieldCoordinates.coordinates(type.getName(), field.getName());
                unknown.remove(at);
                code.dataFetcher(at, fetcher(at));
            }
        }
        if (!unknown.isEmpty() || !unknownTypes.isEmpty()) {
            throw new IllegalStateException("not in the schema: " + unknown + " " + unknownTypes);
        }
        return code.build();
    }

    private DataFetcher<?> fetcher(FieldCoordinates at) {
        DataFetcher<?> fetcher = fetchers.get(at);
        if (fetcher == null) {
            Class<?> source = records.get(at.getTypeName());
            fetcher = source == null ? null : accessor(source, at.getFieldName());
        }
        boolean root = RootFieldAccess.isRoot(at.getTypeName());
        if (fetcher == null) {
            if (root || records.containsKey(at.getTypeName()) || isPartlyKnown(at.getTypeName())) {
                notImplemented.add(at.getTypeName() + "." + at.getFieldName());
            }
            fetcher =
                    environment -> {
                        throw new GraphQlException(
                                ErrorCode.NOT_IMPLEMENTED,
                                "This version does not answer '" + at.getFieldName() + "' yet.");
                    };
        }
        return root ? guarded(at, fetcher) : fetcher;
    }

    private boolean isPartlyKnown(String type) {
        return fetchers.keySet().stream().anyMatch(at -> at.getTypeName().equals(type));
    }

    private static DataFetcher<?> guarded(FieldCoordinates at, DataFetcher<?> fetcher) {
        RootFieldAccess.Rule rule = RootFieldAccess.of(at.getTypeName(), at.getFieldName());
        return environment -> {
            if (!rule.allows(RequestContext.of(environment).viewer())) {
                throw new AccessDeniedException(
                        "'%s' needs %s.".formatted(at.getFieldName(), rule.description()));
            }
            return fetcher.get(environment);
        };
    }

    private static @Nullable DataFetcher<?> accessor(Class<?> source, String name) {
        for (Method method : source.getMethods()) {
            if (method.getName().equals(name)
                    && method.getParameterCount() == 0
                    && !Modifier.isStatic(method.getModifiers())) {
                return new Light(object -> invoke(method, object));
            }
        }
        return null;
    }

    private static @Nullable Object invoke(Method accessor, Object source) throws Exception {
        try {
            return accessor.invoke(source);
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    /// Works a field out from its source object.
    interface Value<S> {
        @Nullable Object of(S source) throws Exception;
    }

    /// A fetcher that spares graphql-java building the environment of each value.
    private record Light(Value<Object> value) implements LightDataFetcher<@Nullable Object> {

        @Override
        public @Nullable Object get(
                GraphQLFieldDefinition definition,
                Object source,
                Supplier<DataFetchingEnvironment> environment)
                throws Exception {
            return value.of(source);
        }

        @Override
        public @Nullable Object get(DataFetchingEnvironment environment) throws Exception {
            return value.of(Objects.requireNonNull(environment.<Object>getSource()));
        }
    }
}
