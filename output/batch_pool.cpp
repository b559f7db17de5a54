// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/batch_pool.hpp"

#include <array>
#include <mutex>
#include <utility>

namespace naudit::output {

// A batch together with the room for the control block of the shared_ptr that shares it.
struct BatchPool::Node {
  Batch batch;
  alignas(std::max_align_t) std::array<std::byte, 128> control;
};

struct BatchPool::Shelf {
  mutable std::mutex mutex;
  std::vector<std::unique_ptr<Node>> nodes;

  void put(std::unique_ptr<Node> node) noexcept {
    Batch& batch = node->batch;
    if (batch.bytes.capacity() + batch.ends.capacity() * sizeof(batch.ends[0]) > kMostBytes) return;
    batch.bytes.clear();
    batch.ends.clear();
    batch.first_id.clear();
    batch.last_id.clear();
    const std::lock_guard lock(mutex);
    if (nodes.size() < kMostKept) nodes.push_back(std::move(node));
  }
};

// Places the control block inside the node. Its release is the last thing that a shared_ptr does, after the last
// weak_ptr too: only then may the node be used again.
template <typename T>
struct BatchPool::NodeAllocator {
  using value_type = T;

  NodeAllocator(std::shared_ptr<Shelf> to, Node* of) : shelf(std::move(to)), node(of) {}
  template <typename U>
  NodeAllocator(const NodeAllocator<U>& other) : shelf(other.shelf), node(other.node) {}

  T* allocate(std::size_t) {
    static_assert(sizeof(T) <= sizeof(Node::control));
    return reinterpret_cast<T*>(node->control.data());
  }
  void deallocate(T*, std::size_t) noexcept { shelf->put(std::unique_ptr<Node>(node)); }

  template <typename U>
  bool operator==(const NodeAllocator<U>& other) const noexcept {
    return node == other.node;
  }

  std::shared_ptr<Shelf> shelf;
  Node* node;
};

BatchPool::BatchPool() : shelf_(std::make_shared<Shelf>()) {
  shelf_->nodes.reserve(kMostKept);
}

std::shared_ptr<Batch> BatchPool::take() {
  std::unique_ptr<Node> node;
  {
    const std::lock_guard lock(shelf_->mutex);
    if (!shelf_->nodes.empty()) {
      node = std::move(shelf_->nodes.back());
      shelf_->nodes.pop_back();
    }
  }
  if (!node) node = std::make_unique<Node>();
  Batch* const batch = &node->batch;
  const NodeAllocator<Batch> allocator(shelf_, node.release());
  // The node owns the batch, and the allocator gives the node back: there is nothing for a deleter to do.
  return {batch, [](Batch*) {}, allocator};
}

std::size_t BatchPool::kept() const {
  const std::lock_guard lock(shelf_->mutex);
  return shelf_->nodes.size();
}

}  // namespace naudit::output
