import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.opensearch.analysis.common.CommonAnalysisPlugin;
import org.opensearch.common.settings.Settings;
import org.opensearch.index.reindex.ReindexPlugin;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.transport.Netty4Plugin;

/** One OpenSearch node on 127.0.0.1: its data folder, HTTP port and transport port are the arguments. */
public final class Main {
  private static final class TestNode extends Node {
    TestNode(Settings settings) {
      super(
          InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), null, () -> "verbatim-test"),
          List.of(Netty4Plugin.class, CommonAnalysisPlugin.class, ReindexPlugin.class),
          true);
    }
  }

  public static void main(String[] arguments) throws Exception {
    Path home = Path.of(arguments[0]);
    Files.createDirectories(home.resolve("config"));
    Settings settings =
        Settings.builder()
            .put("path.home", home)
            .put("cluster.name", "verbatim-test")
            .put("node.name", "verbatim-test")
            .put("discovery.type", "single-node")
            .put("network.host", "127.0.0.1")
            .put("transport.type", "netty4")
            .put("http.type", "netty4")
            .put("http.port", arguments[1])
            .put("transport.port", arguments[2])
            .put("cluster.routing.allocation.disk.threshold_enabled", false)
            .build();
    TestNode node = new TestNode(settings);
    CountDownLatch closed = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try {
                    node.close();
                  } catch (java.io.IOException ignored) {
                    // The process ends anyway.
                  }
                  closed.countDown();
                }));
    node.start();
    closed.await();
  }
}
