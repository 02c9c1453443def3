using System.Runtime.Serialization;
using Akka.Actor;

namespace Akka.Configuration;

/// <summary>A setting is missing, or its text cannot be understood.</summary>
public class ConfigurationException : AkkaException
{
    /// <summary>Says what is wrong with the configuration.</summary>
    public ConfigurationException(string message)
        : base(message)
    {
    }

    /// <summary>Says what is wrong with the configuration, and which failure showed it.</summary>
    public ConfigurationException(string message, Exception exception)
        : base(message, exception)
    {
    }

    protected ConfigurationException(SerializationInfo info, StreamingContext context)
        : base(info, context)
    {
    }

    /// <summary>The exception for a <typeparamref name="T"/> whose section of the configuration is missing.</summary>
    /// <param name="path">The section that was looked for, or null when the whole configuration is missing.</param>
    public static ConfigurationException NullOrEmptyConfig<T>(string path = null)
        => new(string.IsNullOrWhiteSpace(path)
            ? $"{typeof(T).Name} cannot be made: its configuration is null or empty"
            : $"{typeof(T).Name} cannot be made: the configuration has no section `{path}`");
}
