namespace Akka.Configuration;

/// <summary>Null-tolerant questions about a <see cref="Config"/>.</summary>
public static class ConfigExtensions
{
    /// <summary>Like <see cref="Config.WithFallback"/>, but either side may be null and both may be the same.</summary>
    public static Config SafeWithFallback(this Config config, Config fallback)
    {
        if (config == null)
            return fallback;
        return ReferenceEquals(config, fallback) ? config : config.WithFallback(fallback);
    }

    /// <summary>True for null and for a configuration without any key.</summary>
    public static bool IsNullOrEmpty(this Config config) => config == null || config.IsEmpty;
}
