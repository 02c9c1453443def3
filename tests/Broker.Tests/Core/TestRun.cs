using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Delivery;

namespace UdsBroker.Broker.Tests.Core;

/// <summary>Frames received by a publisher, in a slab as they would be: what a run is made of.</summary>
internal sealed class TestRun : IDisposable
{
    private readonly Slab _slab;
    private readonly byte[][] _frames;
    private readonly int _offset;

    /// <param name="pool">Where the slab comes from.</param>
    /// <param name="account">The publisher.</param>
    /// <param name="frames">Whole PUBLISH frames.</param>
    /// <param name="slabBytes">At least so large a slab, of which the run is then a part.</param>
    internal TestRun(SlabPool pool, PublisherAccount account, byte[][] frames, int slabBytes = 0)
    {
        Account = account;
        _frames = frames;
        var length = frames.Sum(f => f.Length);
        _offset = slabBytes > length ? 7 : 0;
        _slab = pool.Rent(Math.Max(slabBytes, length + _offset));
        Frames.Join(frames).CopyTo(_slab.Bytes.AsSpan(_offset));
    }

    internal PublisherAccount Account { get; }

    /// <summary>What sets the messages apart.</summary>
    internal RunTraits Traits { get; init; }

    internal Run Run => new(_slab, _offset, _frames.Sum(f => f.Length), (uint)_frames.Length, Account, Traits);

    internal byte[] Bytes => Frames.Join(_frames);

    public void Dispose() => _slab.Release();
}
