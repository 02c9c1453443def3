using UdsBroker.Broker.Buffers;
using UdsBroker.Broker.Transport;

namespace UdsBroker.Broker.Streams;

/// <summary>
/// Datagrams that were received together, one after the other in one slab: they are routed one by one and sent together. The stream has
/// this one element, which is refilled on each pull. It holds no memory while nothing comes.
/// </summary>
/// <param name="pool">Where its memory comes from.</param>
/// <param name="maxPacket">The most bytes of one datagram, for each of which there has to be room.</param>
internal sealed class DatagramBatch(SlabPool pool, int maxPacket)
{
    /// <summary>The most datagrams of a batch, so that the first does not wait long for the last.</summary>
    private const int MaxDatagrams = 64;

    private readonly List<Datagram> _datagrams = [];
    private Slab? _slab;
    private int _end;

    internal Slab Slab => _slab ?? throw new InvalidOperationException("There are no datagrams.");

    internal int Count { get; private set; }

    internal Datagram this[int index] => _datagrams[index];

    /// <summary>Receives what is there. Ended only when nothing was received before the end.</summary>
    internal ReceiveState Fill(DatagramSocket socket)
    {
        Begin();
        while (Count < MaxDatagrams && _slab!.Bytes.Length - _end >= maxPacket)
        {
            if (Count == _datagrams.Count) _datagrams.Add(new Datagram());
            var datagram = _datagrams[Count];
            var received = socket.TryReceive(_slab.Bytes.AsSpan(_end, maxPacket), datagram.Sender, out var state);
            if (state is ReceiveState.Empty or ReceiveState.Ended) return Count > 0 ? ReceiveState.Received : state;
            (datagram.Start, datagram.Length, datagram.IsWhole) = (_end, received, state == ReceiveState.Received);
            if (datagram.IsWhole) _end += received;
            Count++;
        }

        return ReceiveState.Received;
    }

    /// <summary>Gives up its memory; recipients keep what they need of it.</summary>
    internal void Release()
    {
        _slab?.Release();
        _slab = null;
        (_end, Count) = (0, 0);
    }

    private void Begin()
    {
        Count = 0;
        if (_slab is { IsUnshared: true }) _end = 0;
        else if (_slab is null || _slab.Bytes.Length - _end < maxPacket)
        {
            Release();
            _slab = pool.Rent(maxPacket);
        }
    }
}
