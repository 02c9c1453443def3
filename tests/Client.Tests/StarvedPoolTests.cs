using System.Net.Sockets;
using UdsBroker.Protocol;

namespace UdsBroker.Client.Tests;

/// <summary>Blocks the thread pool of the whole process, so nothing else may run meanwhile.</summary>
[Collection(nameof(AllocationTests))]
public class StarvedPoolTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_ping_is_answered_although_every_thread_of_the_pool_is_blocked()
    {
        using TestFolder folder = new();
        using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(folder.File("b.sock")));
        listener.Listen(1);
        UdsBrokerClient client = new(new UdsBrokerOptions { Path = folder.File("b.sock"), ConnectTimeout = Patience, DrainTimeout = TimeSpan.Zero });
        Task connecting = client.ConnectAsync(TestContext.Current.CancellationToken).AsTask();
        using Socket peer = await listener.AcceptAsync(TestContext.Current.CancellationToken);
        byte[] received = new byte[4096];

        // From here on without the runtime's asynchronous sockets, which need the pool.
        peer.ReceiveTimeout = (int)Patience.TotalMilliseconds;
        Assert.Equal(FrameKind.Hello, Receive(peer, received).Kind);
        peer.Send(Wire.Welcome());
        await connecting;
        ThreadPool.GetMaxThreads(out int workers, out int others);
        ThreadPool.GetMinThreads(out int fewest, out _);
        using ManualResetEventSlim release = new();
        using CountdownEvent ended = new(4 * fewest);
        Assert.True(ThreadPool.SetMaxThreads(fewest, others));
        try
        {
            for (int i = 0; i < ended.InitialCount; i++)
            {
                ThreadPool.UnsafeQueueUserWorkItem(
                    _ =>
                    {
                        release.Wait(Patience);
                        ended.Signal();
                    },
                    null);
            }

            for (uint round = 0; round < 20; round++)
            {
                peer.Send(Wire.Ping(round));
                FrameHead head = Receive(peer, received);
                Assert.True(CommandReader.TryReadPong(received.AsSpan(0, head.Length), out ulong token, out _));
                Assert.Equal((ulong)round, token);
            }
        }
        finally
        {
            release.Set();
            ThreadPool.SetMaxThreads(workers, others);
        }

        Assert.True(ended.Wait(Patience, TestContext.Current.CancellationToken));
        await client.DisposeAsync();
    }

    private static FrameHead Receive(Socket peer, byte[] received)
    {
        int length = 0;
        FrameHead head;
        do length += peer.Receive(received.AsSpan(length), SocketFlags.None);
        while (FrameScanner.Scan(received.AsSpan(0, length), Limits.Ceiling, out head) != ScanResult.Done);
        Assert.Equal(length, head.Length);
        return head;
    }
}
