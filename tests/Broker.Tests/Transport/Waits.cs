using System.Net.Sockets;
using UdsBroker.Broker.Transport;

namespace UdsBroker.Broker.Tests.Transport;

/// <summary>What the broker's stages do with a socket, as tasks.</summary>
internal static class Waits
{
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);

    /// <summary>Completes when there is something to receive, which must happen.</summary>
    internal static Task ReadableAsync(this UnixConnection connection) => EventAsync(connection.UntilReadable);

    /// <summary>As the other.</summary>
    internal static Task ReadableAsync(this DatagramSocket socket) => EventAsync(socket.UntilReadable);

    /// <summary>Completes when something can be sent, which must happen.</summary>
    internal static Task WritableAsync(this UnixConnection connection) => EventAsync(connection.UntilWritable);

    /// <summary>Receives what comes next; 0 is the end.</summary>
    internal static async Task<int> ReceiveAsync(this UnixConnection connection, byte[] buffer)
    {
        while (true)
        {
            var received = connection.TryReceive(buffer, out var state);
            if (state != ReceiveState.Empty) return received;
            await connection.ReadableAsync();
        }
    }

    /// <summary>Sends all of it.</summary>
    internal static async Task SendAsync(this UnixConnection connection, ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var sent = connection.TrySend(bytes.Span, out var error);
            Assert.True(error is SocketError.Success or SocketError.WouldBlock);
            bytes = bytes[sent..];
            if (sent == 0) await connection.WritableAsync();
        }
    }

    private static Task EventAsync(Func<Action, bool> wait)
    {
        var news = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Assert.True(wait(news.SetResult), "the socket is closed");
        return news.Task.WaitAsync(Hang, TestContext.Current.CancellationToken);
    }
}
