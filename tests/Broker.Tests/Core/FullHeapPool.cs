using UdsBroker.Broker.Buffers;

namespace UdsBroker.Broker.Tests.Core;

/// <summary>A pool on a heap that is full when the test says so: idle slabs can still be rented, and nothing is allocated.</summary>
internal sealed class FullHeapPool(int slabBytes) : SlabPool(slabBytes)
{
    internal bool IsOut { get; set; }

    protected override byte[] Allocate(int bytes, bool isPinned) =>
        IsOut ? throw new InsufficientMemoryException($"{bytes} bytes") : base.Allocate(bytes, isPinned);
}
