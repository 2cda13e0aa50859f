{# python: what is put behind a model in Python: the object that the model knows as `dbt`. #}

{% macro resolve_model_name(input_model_name) %}
  {{ return(adapter.dispatch('resolve_model_name', 'dbt')(input_model_name)) }}
{% endmacro %}

{% macro default__resolve_model_name(input_model_name) -%}
  {{ input_model_name | string }}
{%- endmacro %}

{# What dbt.ref() may be asked for: "name", "package.name", with ".v2" behind a version. Whole tables: a sample or --empty
   does not reach into Python. #}
{% macro build_ref_function(model) %}
  {%- set names = {} -%}
  {%- for wanted in model.refs -%}
    {%- set key = [wanted.package, wanted.name] if wanted.get('package') else [wanted.name] -%}
    {%- set relation = ref(*key, v=wanted.get('version')) -%}
    {%- if relation.render is defined and relation.render is callable -%}
      {%- set relation = relation.render() -%}
    {%- endif -%}
    {%- if wanted.get('version') -%}
      {%- do key.append('v' ~ wanted.version) -%}
    {%- endif -%}
    {%- do names.update({key | join('.'): resolve_model_name(relation)}) -%}
  {%- endfor -%}
def ref(*args, **kwargs):
    refs = {{ names | tojson }}
    key = '.'.join(args)
    version = kwargs.get("v") or kwargs.get("version")
    if version:
        key += f".v{version}"
    dbt_load_df_function = kwargs.get("dbt_load_df_function")
    return dbt_load_df_function(refs[key])
{% endmacro %}

{% macro build_source_function(model) %}
  {%- set names = {} -%}
  {%- for wanted in model.sources -%}
    {%- do names.update({wanted | join('.'): resolve_model_name(source(*wanted))}) -%}
  {%- endfor -%}
def source(*args, dbt_load_df_function):
    sources = {{ names | tojson }}
    key = '.'.join(args)
    return dbt_load_df_function(sources[key])
{% endmacro %}

{# The values that dbt.config.get() and dbt.config.meta_get() are asked for in the model's text. #}
{% macro build_config_dict(model) %}
  {%- set values = {} -%}
  {%- for key, fallback in zip(model.config.get('config_keys_used', []), model.config.get('config_keys_defaults', [])) -%}
    {%- do values.update({key: 'python' if key == 'language' else model.config.get(key, fallback)}) -%}
  {%- endfor -%}
  {%- set meta = {} -%}
  {%- for key, fallback in zip(model.config.get('meta_keys_used', []), model.config.get('meta_keys_defaults', [])) -%}
    {%- do meta.update({key: (model.config.meta or {}).get(key, fallback)}) -%}
  {%- endfor -%}
config_dict = {{ values }}
meta_dict = {{ meta }}
{% endmacro %}

{% macro py_script_postfix(model) %}
# The model ends here; what follows is the object it knows as dbt.
# COMMAND ----------

{{ build_ref_function(model) }}
{{ build_source_function(model) }}
{{ build_config_dict(model) }}
class config:
    def __init__(self, *args, **kwargs):
        pass

    @staticmethod
    def get(key, default=None):
        return config_dict.get(key, default)

    @staticmethod
    def meta_get(key, default=None):
        return meta_dict.get(key, default)


class this:
    """dbt.this as text is the model's table; its parts are database, schema and identifier."""
    database = {{ this.database | tojson }}
    schema = {{ this.schema | tojson }}
    identifier = {{ this.identifier | tojson }}

    def __repr__(self):
        return {{ resolve_model_name(this) | tojson }}


class dbtObj:
    def __init__(self, load_df_function) -> None:
        self.source = lambda *args: source(*args, dbt_load_df_function=load_df_function)
        self.ref = lambda *args, **kwargs: ref(*args, **kwargs, dbt_load_df_function=load_df_function)
        self.config = config
        self.this = this()
        self.is_incremental = {{ is_incremental() }}

# COMMAND ----------
{{ py_script_comment() }}
{% endmacro %}

{# For projects that want to say how the compiled code is run by hand. #}
{% macro py_script_comment() %}
{% endmacro %}
