using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using UdsBroker.Broker.Diagnostics;

namespace UdsBroker.Broker.Tests.Diagnostics;

/// <summary>The log goes to standard error in the broker's own format, and no thread ever waits for its reader.</summary>
public sealed class StandardErrorTests
{
    private readonly LogThreshold _threshold = new(LogLevel.Trace);

    [Fact]
    public void Every_level_goes_to_standard_error_in_lines_of_the_broker()
    {
        using var services = Services();
        var console = services.GetRequiredService<IOptions<ConsoleLoggerOptions>>().Value;

        Assert.Equal(LogLevel.Trace, console.LogToStandardErrorThreshold);
        Assert.Single(services.GetServices<ILoggerProvider>().OfType<ConsoleLoggerProvider>());
        Assert.Single(services.GetServices<ConsoleFormatter>().OfType<LineFormatter>(), formatter => formatter.Name == console.FormatterName);
    }

    [Fact]
    public void Lines_that_nobody_reads_are_dropped_beyond_2048_and_nobody_waits()
    {
        using var services = Services();
        var console = services.GetRequiredService<IOptions<ConsoleLoggerOptions>>().Value;

        Assert.Equal(ConsoleLoggerQueueFullMode.DropWrite, console.QueueFullMode);
        Assert.Equal(2048, console.MaxQueueLength);
    }

    [Fact]
    public void The_level_in_force_decides_and_nothing_else_in_the_host_does()
    {
        using var services = Services();
        var broker = services.GetRequiredService<ILoggerFactory>().CreateLogger(StandardError.Category);
        var other = services.GetRequiredService<ILoggerFactory>().CreateLogger("Microsoft.Hosting");

        Assert.True(broker.IsEnabled(LogLevel.Trace));
        Assert.False(other.IsEnabled(LogLevel.Warning));
        Assert.True(other.IsEnabled(LogLevel.Error));
        _threshold.Level = LogLevel.Warning;
        Assert.False(broker.IsEnabled(LogLevel.Information));
        Assert.True(broker.IsEnabled(LogLevel.Warning));
    }

    [Fact]
    public void A_line_is_written_whole_and_a_full_disk_is_no_failure()
    {
        using var said = new StringWriter { NewLine = "\n" };
        said.TryWriteLine("udsbroker: ready");
        Assert.Equal("udsbroker: ready\n", said.ToString());

        using var full = new FullDisk();
        full.TryWriteLine("udsbroker: ready");
        Assert.Equal(1, full.Tries);
    }

    private ServiceProvider Services() => new ServiceCollection().AddLogging(logging => logging.AddStandardError(_threshold)).BuildServiceProvider();

    private sealed class FullDisk : StringWriter
    {
        public int Tries { get; private set; }

        public override void WriteLine(string? value)
        {
            Tries++;
            throw new IOException("No space left on device");
        }
    }
}
