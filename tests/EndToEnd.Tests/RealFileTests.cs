using System.Globalization;

namespace UdsBroker.EndToEnd.Tests;

/// <summary>The main job with real processes and real data: what subscribers receive is, byte for byte, what publishers sent.</summary>
public sealed class RealFileTests
{
    private const long FileBytes = 100L << 20;
    private const int ChunkBytes = 1 << 20;

    [Fact]
    public async Task Three_subscribers_receive_a_real_file_from_two_publishers_byte_for_byte_though_a_fourth_is_killed()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var file = await RealData.CreateAsync(fixture.Folder, FileBytes);
        var lines = Text(await RealData.CountLinesAsync(file));
        var chunks = Text((new FileInfo(file).Length + ChunkBytes - 1) / ChunkBytes);

        var byLines = await fixture.SubscriberAsync("file.lines", "--lines", "--count", lines);
        var byLinesToo = await fixture.SubscriberAsync("*.lines", "--lines", "--count", lines);
        var byChunks = await fixture.SubscriberAsync("file.chunks", "--count", chunks);
        var victim = await fixture.SubscriberAsync("file.>");

        var linePublisher = fixture.Udsb("pub", "file.lines", "--file", file, "--lines");
        var chunkPublisher = fixture.Udsb("pub", "file.chunks", "--file", file, "--chunk", Text(ChunkBytes));
        await OutputFile.UntilAsync(victim.OutputFile, text => text.Length > 0);
        victim.Process.Signal("KILL");

        // 3 says that deliveries were dropped: those that the killed subscriber never took.
        Assert.Contains(await chunkPublisher.WaitForExitAsync(), new[] { 0, 3 });
        Assert.Contains(await linePublisher.WaitForExitAsync(), new[] { 0, 3 });
        var expected = await RealData.Sha256Async(file);
        foreach (var (process, output) in new[] { byLines, byLinesToo, byChunks })
        {
            Assert.Equal(0, await process.WaitForExitAsync());
            Assert.Equal(expected, await RealData.Sha256Async(output));
        }
    }

    [Fact]
    public async Task A_broker_that_is_terminated_in_the_middle_leaves_no_process_hanging_and_no_socket_behind()
    {
        await using var fixture = await BrokerFixture.StartAsync();
        var file = await RealData.CreateAsync(fixture.Folder, FileBytes);
        var subscribers = new List<(ChildProcess Process, string OutputFile)>();
        for (var i = 0; i < 3; i++) subscribers.Add(await fixture.SubscriberAsync("file.>"));
        var publishers = new[]
        {
            fixture.Udsb("pub", "file.lines", "--file", file, "--lines"),
            fixture.Udsb("pub", "file.chunks", "--file", file, "--chunk", Text(ChunkBytes)),
        };
        await OutputFile.UntilAsync(subscribers[0].OutputFile, text => text.Length > 0);

        fixture.Broker.Signal("TERM");

        Assert.Equal(0, await fixture.Broker.WaitForExitAsync());
        Assert.False(File.Exists(fixture.Socket));
        foreach (var publisher in publishers) await publisher.WaitForExitAsync();
        foreach (var (process, _) in subscribers) await process.WaitForExitAsync();
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
