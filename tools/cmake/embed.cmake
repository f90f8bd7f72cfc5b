# fc_embed(target input output header function): a source of `target` that
# defines `std::string_view function() noexcept`, declared in `header`, with
# the bytes of `input`. Written at build time by this same file as a script.
if(CMAKE_SCRIPT_MODE_FILE)
  file(READ "${INPUT}" content)
  if(content MATCHES "\\)fc_embed\"")
    message(FATAL_ERROR "${INPUT} holds )fc_embed\" and cannot be embedded")
  endif()
  file(WRITE "${OUTPUT}" "#include \"${HEADER}\"

std::string_view ${FUNCTION}() noexcept {
  return R\"fc_embed(${content})fc_embed\";
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
