# fc_embed(target input output header function): a source of `target` that
# defines `std::string_view function() noexcept`, declared in `header`, with
# the bytes of `input`. Written at build time by this same file as a script.
#
# fc_embed_all(target folder pattern output header function type): the same for
# all files of a folder, in the order of their names, as a
# `std::span<const type> function() noexcept` of {file name, text}.
function(fc_embed_read input result)
  file(READ "${input}" content)
  if(content MATCHES "\\)fc_embed\"")
    message(FATAL_ERROR "${input} holds )fc_embed\" and cannot be embedded")
  endif()
  set(${result} "R\"fc_embed(${content})fc_embed\"" PARENT_SCOPE)
endfunction()

if(CMAKE_SCRIPT_MODE_FILE AND DEFINED PATTERN)
  file(GLOB inputs "${INPUT}/${PATTERN}")
  list(SORT inputs)
  set(text "")
  foreach(input IN LISTS inputs)
    get_filename_component(name "${input}" NAME)
    fc_embed_read("${input}" literal)
    string(APPEND text "  {\"${name}\", ${literal}},\n")
  endforeach()
  file(WRITE "${OUTPUT}" "#include \"${HEADER}\"

static const ${TYPE} all[] = {
${text}};

std::span<const ${TYPE}> ${FUNCTION}() noexcept {
  return all;
}
")
  return()
elseif(CMAKE_SCRIPT_MODE_FILE)
  fc_embed_read("${INPUT}" literal)
  file(WRITE "${OUTPUT}" "#include \"${HEADER}\"

std::string_view ${FUNCTION}() noexcept {
  return ${literal};
}
")
  return()
endif()

set(FC_EMBED_SCRIPT "${CMAKE_CURRENT_LIST_FILE}")

function(fc_embed target input output header function)
  add_custom_command(
    OUTPUT "${output}"
    COMMAND "${CMAKE_COMMAND}" "-DINPUT=${input}" "-DOUTPUT=${output}"
            "-DHEADER=${header}" "-DFUNCTION=${function}" -P "${FC_EMBED_SCRIPT}"
    DEPENDS "${input}" "${FC_EMBED_SCRIPT}"
    VERBATIM)
  target_sources(${target} PRIVATE "${output}")
endfunction()

function(fc_embed_all target folder pattern output header function type)
  file(GLOB inputs CONFIGURE_DEPENDS "${folder}/${pattern}")
  add_custom_command(
    OUTPUT "${output}"
    COMMAND "${CMAKE_COMMAND}" "-DINPUT=${folder}" "-DPATTERN=${pattern}"
            "-DOUTPUT=${output}" "-DHEADER=${header}" "-DFUNCTION=${function}"
            "-DTYPE=${type}" -P "${FC_EMBED_SCRIPT}"
    DEPENDS ${inputs} "${FC_EMBED_SCRIPT}"
    VERBATIM)
  target_sources(${target} PRIVATE "${output}")
endfunction()
