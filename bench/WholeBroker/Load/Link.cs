using System.Net;
using System.Net.Sockets;
using UdsBroker.Bench.Native;
using UdsBroker.Bench.Wires;

namespace UdsBroker.Bench.Load;

/// <summary>One connection of the load generator, greeted, and its descriptor for the bare calls.</summary>
internal sealed class Link : IDisposable
{
    /// <summary>Far above what any step of a handshake takes, on any machine.</summary>
    private const int StepTimeoutMilliseconds = 20_000;

    /// <summary>A packet has to fit into it as a whole, also one of 256 KiB.</summary>
    private const int PacketBufferBytes = 1 << 20;

    private readonly Socket _socket;
    private readonly Wire _wire;

    private Link(Socket socket, Wire wire)
    {
        _socket = socket;
        _wire = wire;
        Descriptor = (int)socket.Handle;
    }

    internal int Descriptor { get; }

    /// <summary>Connects and waits until the broker has answered the greeting.</summary>
    internal static Link Connect(EndPoint address, SocketType type, Wire wire)
    {
        var socket = new Socket(address.AddressFamily, type, ProtocolType.Unspecified)
        {
            SendTimeout = StepTimeoutMilliseconds,
            ReceiveTimeout = StepTimeoutMilliseconds,
        };
        try
        {
            if (address is IPEndPoint) socket.NoDelay = true;
            if (type == SocketType.Seqpacket) socket.SendBufferSize = PacketBufferBytes;
            socket.Connect(address);
            var link = new Link(socket, wire);
            link.Step(wire.Greeting.Span, wire.IsGreeted);
            return link;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Subscribes and waits until it is in force.</summary>
    internal void Subscribe(uint sid, string pattern) => Step(_wire.Subscribe(sid, pattern), _wire.IsSubscribed);

    /// <summary>Prepares for publishing.</summary>
    internal void Announce(string subject) => Step(_wire.Announce(subject), _wire.IsAnnounced);

    public void Dispose() => _socket.Dispose();

    private void Step(ReadOnlySpan<byte> request, Func<ReadOnlySpan<byte>, bool> isComplete)
    {
        if (request.IsEmpty) return;
        Posix.SendAll(Descriptor, request);
        Span<byte> received = stackalloc byte[8192];
        var length = 0;
        do
        {
            var more = _socket.Receive(received[length..], SocketFlags.None);
            if (more == 0) throw new EndOfStreamException("the broker closed the connection in the middle of a handshake");
            length += more;
        }
        while (!isComplete(received[..length]));
    }
}
