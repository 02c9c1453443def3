using System.Diagnostics;
using System.Text.Json.Nodes;

namespace UdsBroker.Protocol.Tests;

/// <summary>
/// Another MessagePack implementation, Python's msgpack, reads and writes the same vectors: what it reads of our bytes is the frame, and
/// what
/// it writes is read here as that frame. Needs Debian's python3-msgpack and skips without it.
/// </summary>
public sealed class PythonTests
{
    private const string Python = "/usr/bin/python3";

    [Fact]
    public async Task Python_reads_every_vector_as_the_frame_it_says()
    {
        string[] read = await RunAsync("unpack", Vector.All.Select(vector => Hex.Text(vector.Bytes)));
        Assert.Equal(Vector.All.Select(vector => FrameText.Line(vector.Frame)), read.Select(Normalize));
    }

    [Fact]
    public async Task What_python_writes_is_byte_for_byte_the_shortest_vector()
    {
        Vector[] canonical = [.. Vector.All.Where(vector => vector.IsCanonical)];
        string[] written = await RunAsync("pack", canonical.Select(vector => FrameText.Line(vector.Frame)));
        Assert.Equal(canonical.Select(vector => Hex.Text(vector.Bytes)), written);
    }

    [Fact]
    public async Task What_python_writes_is_read_as_the_frame_it_says()
    {
        string[] written = await RunAsync("pack", Vector.All.Select(vector => FrameText.Line(vector.Frame)));
        Assert.Equal(Vector.All.Select(vector => FrameText.Line(vector.Means)), written.Select(hex => FrameText.Of(Hex.Bytes(hex), out _)));
    }

    private static string Normalize(string json) => JsonNode.Parse(json)!.ToJsonString();

    private static async Task<string[]> RunAsync(string verb, IEnumerable<string> lines)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        if (!File.Exists(Python) || await ExitCodeAsync(["-c", "import msgpack"], cancellation) != 0)
            Assert.Skip("python3-msgpack is not installed");

        using Process python = Start([Path.Combine(Vector.Folder, "vectors.py"), verb]);
        Task<string> output = python.StandardOutput.ReadToEndAsync(cancellation);
        Task<string> errors = python.StandardError.ReadToEndAsync(cancellation);
        await python.StandardInput.WriteAsync(string.Join('\n', lines));
        python.StandardInput.Close();
        await python.WaitForExitAsync(cancellation);
        Assert.Equal("", await errors);
        return (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static async Task<int> ExitCodeAsync(string[] arguments, CancellationToken cancellation)
    {
        using Process python = Start(arguments);
        python.StandardInput.Close();
        await python.WaitForExitAsync(cancellation);
        return python.ExitCode;
    }

    private static Process Start(string[] arguments) => Process.Start(new ProcessStartInfo(Python, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        UseShellExecute = false,
    })!;
}
