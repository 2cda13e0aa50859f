{{ config(tags=['own'], meta={'place': 'own', 'more': [1, 2]}, alias='outer_alias') }}
select '{{ config.get("meta").place }}' as place, '{{ config.get("meta").get("owner") }}' as owner, '{{ model.config.tags | join(",") }}' as tags,
    '{{ this.schema }}' as schema_name, '{{ model.alias }}' as alias, '{{ config.get("nothing", "fallback") }}' as fallback
