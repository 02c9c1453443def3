using System.Net.Sockets;
using UdsBroker.Bench.Native;

namespace UdsBroker.Bench.Load;

/// <summary>
/// The relay: a thread for each publisher, which receives and sends to every subscriber of its letter, both as blocking calls. It
/// knows no messages; with several publishers it may cut them.
/// </summary>
internal sealed class RelayServer
{
    private const int BufferBytes = 128 * 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<byte, int[]> _subscribers = [];

    /// <summary>Serves until the process ends.</summary>
    internal void Run(string path)
    {
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen(4096);
        while (true)
        {
#pragma warning disable RS0030 // nobody disposes this listener; the process is ended
            var socket = listener.Accept();
#pragma warning restore RS0030
            var thread = new Thread(() => Serve(socket), 128 * 1024) { IsBackground = true };
            thread.Start();
        }
    }

    private void Serve(Socket socket)
    {
        using var _ = socket;
        var descriptor = (int)socket.Handle;
        var buffer = GC.AllocateUninitializedArray<byte>(BufferBytes, pinned: true);
        try
        {
            if (Posix.Receive(descriptor, buffer.AsSpan(0, 2)) < 2) return;
            var (role, letter) = (buffer[0], buffer[1]);
            if (role == 's') Change(letter, all => [.. all, descriptor]);
            Posix.SendAll(descriptor, "+"u8);
            if (role == 'p') Forward(descriptor, letter, buffer);
            else AwaitEnd(descriptor, letter, buffer);
        }
        catch (Exception e) when (e is EndOfStreamException or System.ComponentModel.Win32Exception)
        {
            // One side has gone: so does this connection.
        }
    }

    private void Forward(int descriptor, byte letter, byte[] buffer)
    {
        while (true)
        {
            var received = Posix.Receive(descriptor, buffer);
            lock (_gate)
            {
                foreach (var subscriber in _subscribers.GetValueOrDefault(letter, [])) Posix.SendAll(subscriber, buffer.AsSpan(0, received));
            }
        }
    }

    private void AwaitEnd(int descriptor, byte letter, byte[] buffer)
    {
        try
        {
            Posix.Receive(descriptor, buffer);
        }
        finally
        {
            Change(letter, all => [.. all.Where(other => other != descriptor)]);
        }
    }

    private void Change(byte letter, Func<int[], int[]> change)
    {
        lock (_gate) _subscribers[letter] = change(_subscribers.GetValueOrDefault(letter, []));
    }
}
