using UdsBroker.Bench.Native;
using UdsBroker.Bench.Wires;

namespace UdsBroker.Bench.Load;

/// <summary>A connection that receives and counts.</summary>
internal sealed class Subscriber(Link link, FrameCounter counter)
{
    /// <summary>After so many calls the others have their turn.</summary>
    private const int MostCalls = 8;

    internal int Descriptor => link.Descriptor;

    internal FrameCounter Counter => counter;

    /// <summary>Receives what is there.</summary>
    internal bool Receive(Span<byte> buffer)
    {
        for (var calls = 0; calls < MostCalls; calls++)
        {
            var received = Posix.TryReceive(Descriptor, buffer);
            if (received == 0) return calls > 0;
            counter.Feed(buffer[..received]);
        }

        return true;
    }
}
