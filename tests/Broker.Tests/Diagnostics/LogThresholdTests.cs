using Microsoft.Extensions.Logging;
using UdsBroker.Broker.Diagnostics;

namespace UdsBroker.Broker.Tests.Diagnostics;

/// <summary>Which lines are written: of the broker from the level on, of the rest of the host only errors, and no more than the level lets through.</summary>
public sealed class LogThresholdTests
{
    [Theory]
    [InlineData(LogLevel.Information, StandardError.Category, LogLevel.Debug, false)]
    [InlineData(LogLevel.Information, StandardError.Category, LogLevel.Information, true)]
    [InlineData(LogLevel.Information, StandardError.Category, LogLevel.Warning, true)]
    [InlineData(LogLevel.Information, "Microsoft.Hosting", LogLevel.Warning, false)]
    [InlineData(LogLevel.Information, "Microsoft.Hosting", LogLevel.Error, true)]
    [InlineData(LogLevel.Information, "Microsoft.Hosting", LogLevel.Critical, true)]
    [InlineData(LogLevel.Information, null, LogLevel.Warning, false)]
    [InlineData(LogLevel.Critical, StandardError.Category, LogLevel.Error, false)]
    [InlineData(LogLevel.Critical, "Microsoft.Hosting", LogLevel.Error, false)]
    public void A_line_is_written_from_the_level_on_and_of_others_from_error_on(LogLevel threshold, string? category, LogLevel level, bool isWritten) =>
        Assert.Equal(isWritten, new LogThreshold(threshold).Admits(category, level));

    [Fact]
    public void A_level_that_is_set_holds_from_the_next_line_on()
    {
        var threshold = new LogThreshold(LogLevel.Warning);
        Assert.False(threshold.Admits(StandardError.Category, LogLevel.Debug));
        threshold.Level = LogLevel.Debug;
        Assert.True(threshold.Admits(StandardError.Category, LogLevel.Debug));
    }
}
