using Akka.Configuration;
using Microsoft.Extensions.Logging;
using UdsBroker.Broker.Diagnostics;
using UdsBroker.Broker.Settings;

namespace UdsBroker.Broker.Hosting;

/// <summary>
/// Reads the settings again while the broker runs. All or nothing: if one setting is wrong, none is changed. Changes that a running broker
/// cannot apply are logged, and take effect at the next start.
/// </summary>
/// <param name="source">Where they come from.</param>
/// <param name="started">Those that the broker was started with.</param>
/// <param name="threshold">Of the log, which takes its new level.</param>
/// <param name="logger">Logs the outcome.</param>
internal sealed class SettingsReload(SettingsSource source, Config started, LogThreshold threshold, ILogger logger)
{
    /// <summary>
    /// Reads the settings and applies them. Never throws: it is called by a signal handler, where an exception would end the process.
    /// </summary>
    /// <param name="use">What the rest of the broker does with them.</param>
    internal void Run(Action<BrokerSettings> use)
    {
        try
        {
            var settings = source.Read(out var config);
            var keys = SettingsChanges.ThatNeedRestart(started, config);
            use(settings);
            threshold.Level = settings.Log.Level;
            if (keys.Count > 0) logger.RestartNeeded(string.Join(", ", keys));
        }
        catch (SettingsException e)
        {
            logger.ReloadFailed($"the settings are wrong: {e.Message}", fault: null);
        }
        catch (Exception e)
        {
            logger.ReloadFailed("the broker failed to apply the settings", e);
        }
    }
}
